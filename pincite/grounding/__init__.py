"""Claims of a text and whether evidence bears them out: pure code, no graph, no network."""
