"""`pincite sync`: a library that follows a folder or a bucket."""
