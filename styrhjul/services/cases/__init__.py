"""A case from the sweep that opens it to its end: what officials decide about it, and why it wrote or was silent."""
