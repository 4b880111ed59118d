"""Pictures on request: what is refused, how they are marked, and where they are kept."""
