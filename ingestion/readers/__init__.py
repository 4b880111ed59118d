"""One reader per medium; they run in a parser child process, never in the service itself."""
