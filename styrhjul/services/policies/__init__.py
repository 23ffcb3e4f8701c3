"""A policy from its file to what it asks: proposed, stored, confirmed, let go live, decided anew."""
