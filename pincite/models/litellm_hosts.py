"""Where LiteLLM sends what it is given."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

OLLAMA: Final = "http://localhost:11434"
"""Where Ollama listens unless settings say otherwise."""
_HOSTS: Final = {
    "anthropic": "api.anthropic.com",
    "cohere": "api.cohere.com",
    "deepseek": "api.deepseek.com",
    "gemini": "generativelanguage.googleapis.com",
    "groq": "api.groq.com",
    "mistral": "api.mistral.ai",
    "ollama": "localhost",
    "ollama_chat": "localhost",
    "openai": "api.openai.com",
    "openrouter": "openrouter.ai",
    "together_ai": "api.together.xyz",
    "xai": "api.x.ai",
}
"""Where a provider sends messages when no `api_base` is set; others go by the provider's name."""


def endpoint_of(model: str, api_base: str | None) -> str:
    """The host that LiteLLM sends to for these settings."""
    if api_base:
        return urlsplit(api_base).hostname or api_base
    provider = model.split("/")[0] if "/" in model else "openai"
    return _HOSTS.get(provider, provider)
