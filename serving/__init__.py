"""Processes we run: composition root, CLI, HTTP."""
