"""The steps of the graph: thin, one file each; what is decided, is decided in pure functions."""
