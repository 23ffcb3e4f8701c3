"""Styrhjul: what a municipality has decided becomes what somebody does, on time."""
