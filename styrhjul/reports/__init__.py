"""Documents to keep: values in, a file's bytes out. What stands in them is decided by services."""
