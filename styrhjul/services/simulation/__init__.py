"""The simulator: the real services in a world of its own, with a clock that jumps and chance that comes from a seed."""
