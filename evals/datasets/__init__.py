"""Readers of data sets in their official formats on disk; one module per set."""
