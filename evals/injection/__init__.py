"""Instructions planted in files: the cases as data, and the files that carry them."""
