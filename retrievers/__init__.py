"""Question → evidence."""
