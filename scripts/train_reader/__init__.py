"""Trains the small reader that says whether a passage answers a question."""
