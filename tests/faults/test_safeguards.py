"""Each safeguard is needed: without it an ordinary test turns red. Long; part of ./run faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.faults.mutation import Edit, Mutation, copy_program, failures, mutate
from tests.house import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers import PostgresServer

MIGRATION = "styrhjul/db/migrations/versions/20261122_create_tables.py"
LEDGER = 'UniqueConstraint("municipality_id", "case_id", "due_on", "rung", "post_id", "turn", name="uq_notice_ledger"),'
LEDGER_MIGRATION = "styrhjul/db/migrations/versions/20261122_follow_whole_terms.py"
LEDGER_MIGRATED = '"uq_notice_ledger", ["municipality_id", "case_id", "due_on", "rung", "post_id", "turn"]'
NO_KEY = '"uq_notice_ledger", ["municipality_id", "id", "turn"]'
MAILBOX_DAY = 'UniqueConstraint("municipality_id", "address", "digest_on", name="uq_mail_mailbox_day"),'
BATCH = "tests/services/test_policy_batch_order.py"
SWEEP, COMPOSE, DELIVER = (f"tests/services/test_{name}.py" for name in ("sweep", "compose", "deliver"))
LAST_LOOK = "styrhjul/services/delivery/last_look.py"
LAST_LINE, TROUBLE = "tests/faults/test_last_line.py", "tests/faults/test_one_trouble.py"
UPGRADE, UPGRADED = "styrhjul/db/migrate_live.py", "tests/db/test_migrate_live.py"

SAFEGUARDS = {
    "unique ledger key": Mutation(
        edits=(Edit("styrhjul/db/case_model.py", LEDGER), Edit(LEDGER_MIGRATION, LEDGER_MIGRATED, NO_KEY)),
        tests=(
            f"{SWEEP}::test_the_ledger_refuses_the_same_notice_twice",
            f"{LAST_LINE}::test_the_database_refuses",
        ),
    ),
    "conditional claim: the lease": Mutation(
        edits=(
            Edit("styrhjul/db/outbox_query.py", "Mail.lease_until <= _AT", "Mail.lease_until.is_not(None)"),
            Edit("styrhjul/db/turn.py", "Mail.lease_until <= _AT", "Mail.lease_until.is_not(None)"),
        ),
        tests=(
            f"{DELIVER}::test_two_senders_never_hold_the_same_mail",
            f"{DELIVER}::test_a_lease_that_ran_out_is_claimed_again_under_another_fence",
        ),
    ),
    "conditional claim: the fence": Mutation(
        edits=(
            Edit("styrhjul/services/delivery/last_look.py", "mail.fence != claimed.fence or "),
            Edit("styrhjul/services/delivery/outcome.py", "mail if mail.fence == claimed.fence else None", "mail"),
        ),
        tests=(
            f"{TROUBLE}::test_a_sender_that_lost_its_lease_does_not_begin",
            f"{TROUBLE}::test_an_outcome_that_comes_after_the_lease_was_lost_changes_nothing",
        ),
    ),
    "re-check before send": Mutation(
        edits=(
            Edit(
                "styrhjul/services/delivery/last_look.py",
                "not _still_holds(look, is_telling=telling is not None)",
                "not look",
            ),
        ),
        tests=(
            f"{DELIVER}::test_an_answer_that_came_after_the_mail_was_written_stops_it",
            f"{DELIVER}::test_a_mail_to_somebody_who_has_left_is_written_anew_to_the_new_holder",
            f"{DELIVER}::test_an_uncertain_mail_whose_matter_is_settled_is_not_resent",
            "tests/faults/test_answer_in_time.py::test_an_answer_between_claim_and_begin_stops_the_mail",
        ),
    ),
    "accepted marker: honoured by the claim": Mutation(
        edits=(Edit("styrhjul/db/outbox_query.py", "            ~is_accepted(Mail),\n"),),
        tests=(f"{DELIVER}::test_an_accepted_mark_holds_even_when_the_lease_was_lost",),
    ),
    "accepted marker: written": Mutation(
        edits=(
            Edit(
                "styrhjul/services/delivery/deliver.py",
                "record_attempt(connection, mail, AttemptOutcome.ACCEPTED, reply.reply, self.clock())",
                "pass",
            ),
        ),
        tests=(f"{DELIVER}::test_what_was_accepted_is_recorded_per_mail_and_never_sent_again",),
    ),
    "accepted marker: written at once": Mutation(
        edits=(
            Edit(
                "styrhjul/services/delivery/deliver.py",
                'self.mark(out.marks, mail, reply)\n            crashpoint("after_mark")\n',
                'crashpoint("after_mark")\n            self.mark(out.marks, mail, reply)\n',
            ),
        ),
        tests=("tests/faults/test_crash.py", "-k", "after_mark"),
    ),
    "one mail per mailbox and day: the key": Mutation(
        edits=(Edit("styrhjul/db/mail_model.py", MAILBOX_DAY), Edit(MIGRATION, f"sa.{MAILBOX_DAY}")),
        tests=(f"{LAST_LINE}::test_the_database_refuses",),
    ),
    "one mail per mailbox and day: the look": Mutation(
        edits=(Edit("styrhjul/services/delivery/compose.py", "if address in written_to:", "if not address:"),),
        tests=(f"{COMPOSE}::test_a_mailbox_gets_no_second_mail_the_same_day",),
    ),
    "one composer at a time": Mutation(
        edits=(Edit("styrhjul/services/delivery/compose.py", "if not try_lock_register(session):", "if not session:"),),
        tests=(f"{TROUBLE}::test_two_composers_never_write_two_mails_to_one_mailbox_nor_fall_over_it",),
    ),
    "journal append-only": Mutation(
        edits=(
            Edit(
                "styrhjul/db/case_model.py",
                'tuple(_SQLITE_APPEND_ONLY.format(verb=verb) for verb in ("UPDATE", "DELETE"))',
                "()",
            ),
            Edit("styrhjul/db/case_model.py", "(_POSTGRES_FUNCTION, _POSTGRES_APPEND_ONLY)", "(_POSTGRES_FUNCTION,)"),
        ),
        tests=(
            "tests/db/test_journal.py::test_the_database_itself_refuses_to_change_a_line",
            "tests/db/test_migrate.py::test_the_migrated_journal_is_append_only",
        ),
    ),
    "journal head locked last": Mutation(
        edits=(
            Edit(
                "styrhjul/db/journal.py",
                "    waiting += [(transaction, line, at) for line in lines]\n",
                "    waiting += [(transaction, line, at) for line in lines]\n    _seal_waiting(session)\n",
            ),
        ),
        tests=("tests/faults/test_answer_in_time.py::test_an_answer_never_stands_in_a_circle_with_a_pulse",),
    ),
    "municipality filter: reading": Mutation(
        edits=(
            Edit(
                "styrhjul/db/session.py",
                "if not (state.is_insert or state.is_column_load or state.is_relationship_load):",
                "if state.is_update:",
            ),
        ),
        tests=(
            "tests/db/test_isolation.py::test_whichever_way_a_table_is_read_only_our_own_rows_are_there",
            "tests/db/test_isolation.py::test_rows_counts_and_keys_are_our_own_too",
            "tests/db/test_session.py::test_a_link_of_theirs_cannot_be_found_from_ours",
        ),
    ),
    "municipality filter: writing": Mutation(
        edits=(
            Edit("styrhjul/db/session.py", "if belongs_to != municipality_id:", "if not municipality_id:"),
            Edit("styrhjul/db/session.py", "if state.is_insert or state.is_update:", "if not municipality_id:"),
        ),
        tests=("tests/db/test_isolation.py::test_a_row_of_theirs_cannot_be_made_whichever_way",),
    ),
    "municipality filter: statements built once": Mutation(
        edits=(
            Edit("styrhjul/db/prepared.py", "question.options(WITHIN)", "question"),
            Edit("styrhjul/db/prepared.py", "change.where(table.c.municipality_id == bindparam(OWN))", "change"),
            Edit("styrhjul/db/prepared.py", 'if any(row["municipality_id"] != own for row in rows):', "if not own:"),
        ),
        tests=("tests/db/test_prepared.py",),
    ),
    "compare-and-set on an answered case": Mutation(
        edits=(Edit("styrhjul/db/answer_write.py", ', Case.version == bindparam("seen")'),),
        tests=(f"{LAST_LINE}::test_who_answers_on_an_older_version_of_a_case_is_refused",),
    ),
    "compare-and-set on a case": Mutation(
        edits=(
            Edit("styrhjul/db/case_model.py", '    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012\n'),
        ),
        tests=(f"{LAST_LINE}::test_who_decides_on_an_older_version_of_a_case_is_refused",),
    ),
    "upgrade: no lock is waited for long": Mutation(
        edits=(Edit(UPGRADE, "set_config('lock_timeout', :lock_ms, false)", "set_config('a.b', :lock_ms, false)"),),
        tests=(f"{UPGRADED}::test_an_upgrade_comes_through_when_whoever_was_in_the_way_lets_go",),
    ),
    "upgrade: what is in order is left alone": Mutation(
        edits=(
            Edit(
                "styrhjul/db/row_security.py",
                "if not (is_forced and found.get(table) == wanted[_kind(table)]):",
                "if table:",
            ),
        ),
        tests=(f"{UPGRADED}::test_an_upgrade_with_nothing_to_change_takes_no_lock_that_a_writer_would_notice",),
    ),
    "upgrade: one at a time until it ends": Mutation(
        edits=(Edit(UPGRADE, "pg_try_advisory_lock({_LOCK})", "pg_try_advisory_xact_lock({_LOCK})"),),
        tests=(f"{UPGRADED}::test_another_upgrade_waits_though_the_first_is_between_two_transactions",),
    ),
    "a duty on a condition waits for a person": Mutation(
        edits=(
            Edit(
                "styrhjul/services/policies/duty_decide.py",
                " and (duty.condition is None or follows.of_plans)",
            ),
        ),
        tests=(
            "tests/services/test_duty_decide.py::test_what_is_asked_on_a_condition_waits_however_sure_the_reading_is",
        ),
    ),
    "the first pick of a batch holds": Mutation(
        edits=(
            Edit(
                "styrhjul/services/policies/batch_order.py",
                'order.status in OPEN_ORDER and "pick" in order.wanted',
                "not order",
            ),
        ),
        tests=(f"{BATCH}::test_a_second_pick_before_the_first_is_stored_does_not_take_its_place",),
    ),
    "a packed member has a bound": Mutation(
        edits=(Edit("styrhjul/documents/formats/packed.py", "len(content) > most", "most < 0"),),
        tests=("tests/documents/test_packed.py::test_a_member_of_one_byte_too_many_is_refused_whatever_it_says",),
    ),
    "no escalation without a warning": Mutation(
        edits=(Edit("styrhjul/domain/ladder.py", "        elif rung.after is None:", "        elif rung.key:"),),
        tests=(
            "tests/domain/test_planner.py::test_nothing_goes_up_before_a_warning_has_reached_somebody",
            "tests/domain/test_planner.py::test_whoever_was_warned_late_still_gets_three_working_days",
        ),
    ),
}


@pytest.mark.faults
@pytest.mark.parametrize("name", SAFEGUARDS)
def test_without_it_an_ordinary_test_turns_red(name: str, tmp_path: Path, postgres_server: PostgresServer) -> None:
    tree = copy_program(tmp_path / "program")
    mutate(tree, SAFEGUARDS[name])
    red = failures(tree, SAFEGUARDS[name].tests, postgres_server.url)
    print(f"\n{name}:", *red, sep="\n  ")  # noqa: T201 - the proof, for ./run faults -s
    assert red


@pytest.mark.faults
def test_with_all_of_them_the_same_tests_are_green(tmp_path: Path, postgres_server: PostgresServer) -> None:
    """Else the red above would prove nothing."""
    tree = copy_program(tmp_path / "program")
    named = {test for mutation in SAFEGUARDS.values() for test in mutation.tests if "::" in test}
    assert failures(tree, tuple(sorted(named)), postgres_server.url) == []


@pytest.mark.parametrize("name", SAFEGUARDS)
def test_the_safeguard_stands_where_the_proof_takes_it_out(name: str) -> None:
    """Quick, so that whoever moves a safeguard hears of it at once."""
    times = [(ROOT / edit.file).read_text(encoding="utf-8").count(edit.old) for edit in SAFEGUARDS[name].edits]
    assert set(times) == {1}
