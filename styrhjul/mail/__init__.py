"""Mail: typed contexts, words, the message as bytes, and the way out. Knows no database and no settings."""
