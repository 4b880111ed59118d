"""Clients of the HTTP API: the web page."""
