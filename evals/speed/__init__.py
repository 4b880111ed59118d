"""How fast and how large what ships is; each module measures one thing."""
