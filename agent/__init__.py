"""Evidence → cited and checked answer: the LangGraph graph, its prompts, grounding."""
