"""What is kept for those who come later: records for the registry, the journal, everything out into one file."""
