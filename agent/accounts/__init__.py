"""Figures of accounts: read from the statements of a filing, and reckoned with by code."""
