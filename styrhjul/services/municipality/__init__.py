"""A municipality, and what it does its own way: practice, ladders, words of its own, trial runs, disposal."""
