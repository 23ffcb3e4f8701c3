"""The database: models without behaviour, queries that return frozen facts, one way to open a session."""
