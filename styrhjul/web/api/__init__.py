"""`/api/v1`: what other programs read, answer and import. The same services as the pages; models of its own."""
