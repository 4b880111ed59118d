"""Pure scorers: what was expected and what came, to numbers; one module per metric."""
