"""Answers with cells and values: a model fills them in, each is looked up and checked by itself."""
