"""The makers of the sample library, one per kind of file."""
