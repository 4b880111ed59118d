"""A model that sees, served by vLLM: a program of its own, in an environment of its own."""
