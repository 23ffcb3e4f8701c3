"""What Swedish words of duty mean, in any document: dates, rhythms, verbs and their objects, who acts, what binds."""
