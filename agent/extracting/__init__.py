"""From every file of a scope, cell by cell: what a question about all of them is answered with."""
