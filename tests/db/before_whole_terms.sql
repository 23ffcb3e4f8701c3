-- A municipality as it stood before whole terms were followed: one policy, one duty, a case of each sort.
INSERT INTO municipality
  (id, slug, name, starts_on, chief_executive_title, sender_address, reply_to, released_at, is_example)
VALUES
  ('m', 'm', 'M', '2026-10-15', 'kommunchef', 'a@example.org', 'b@example.org', '2026-10-15 07:00:00', false);
INSERT INTO body (municipality_id, id, slug, name, kind) VALUES ('m', 'b', 'b', 'Nämnden', 'committee');
INSERT INTO policy (municipality_id, id, slug, title, adopted_by_id, starts_on)
VALUES ('m', 'p', 'p', 'Policy', 'b', '2026-10-15');
INSERT INTO edition (municipality_id, id, policy_id, text, sha256, imported_at)
VALUES ('m', 'e', 'p', 'ska', 'x', '2026-10-15 07:00:00');
INSERT INTO duty
  (municipality_id, id, policy_id, edition_id, quote, start, "end", modality, action_kind, addressees, confidence, reason,
   status, holder)
VALUES ('m', 'd', 'p', 'e', 'ska', 0, 3, 'must', 'set_goals', '[]', 'high', '', 'confirmed', 'body');
INSERT INTO "case"
  (municipality_id, id, policy_id, lifecycle, body_id, period, holder, state, opens_on, due_on, due_source, closed_on,
   version)
VALUES
  ('m', 'asleep', 'p', 'goal_setting', 'b', '2027', 'body', 'submitted', '2027-01-07', '2027-03-31', 's', NULL, 1),
  ('m', 'awake', 'p', 'goal_setting', 'b', '2028', 'body', 'open', '2027-01-07', '2027-03-31', 's', NULL, 1),
  ('m', 'ended', 'p', 'goal_setting', 'b', '2026', 'body', 'waived', '2027-01-07', '2027-03-31', 's', '2026-12-01', 1);
INSERT INTO wake (municipality_id, lifecycle, subject_id, subject_kind, wake_on)
VALUES ('m', 'goal_setting', 'awake', 'case', '2027-03-17');
INSERT INTO post (municipality_id, id, body_id, role, title) VALUES ('m', 'chair', 'b', 'chair', 'ordförande');
INSERT INTO mail
  (municipality_id, id, key, post_id, appointment_id, address, return_path, subject, message_id, composed_at, sha256,
   status, attempts, next_attempt_at)
VALUES
  ('m', 'mail', 'goals_opened', 'chair', 'a', 'a@example.org', 'b@example.org', 's', '<m@example.org>',
   '2027-01-07 08:00:00', 'x', 'queued', 0, '2027-01-07 08:00:00');
INSERT INTO mail_item (municipality_id, id, mail_id, case_id) VALUES ('m', 'written', 'mail', 'awake');
