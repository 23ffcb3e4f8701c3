"""Papers made of what is held: the annual report's chapter, results, an auditor's pack, drafts for a revision."""
