"""Measures what ships: datasets, scorers, runner, report."""
