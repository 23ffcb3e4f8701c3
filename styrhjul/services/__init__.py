"""Use cases: load, decide, save; one transaction each. Entry points call these and nothing below them."""
