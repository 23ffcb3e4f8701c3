"""Signing in and out: by a code in a mail, with the municipality's own account, and for an operator for a while."""
