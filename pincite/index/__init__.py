"""Where passages are kept to be found: the port, the memory fake, Qdrant Edge and Qdrant server."""
