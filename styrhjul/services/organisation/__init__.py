"""Bodies, posts, who holds them and when bodies meet: lists, single changes, and handovers between terms."""
