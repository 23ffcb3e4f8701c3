"""One reader for each format. They run in a limited child; what they share is lines of text that know their place."""
