"""Bytes → elements → passages → index, and the ledger of what happened to every page."""
