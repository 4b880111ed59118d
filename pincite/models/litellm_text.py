"""Text vectors by an endpoint that LiteLLM reaches: every passage and question is sent to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pincite import config
from pincite.errors import BadSettings, ModelUnavailable
from pincite.models.embedding_recipe import Recipe
from pincite.models.litellm_chat import litellm_library
from pincite.models.litellm_hosts import OLLAMA, endpoint_of
from pincite.models.outgoing import HERE_ONLY, Outgoing, size_of
from pincite.models.ports import Vectors


class LiteLLMTextEncoder:
    """Embeds nothing of a collection that is kept on this machine: raises Withheld instead."""

    def __init__(self, settings: config.LiteLLMEncoder, outgoing: Outgoing = HERE_ONLY) -> None:
        self._settings = settings
        self._outgoing = outgoing
        self._recipe = Recipe(
            query_prefix=settings.query_prefix or "",
            document_prefix=settings.document_prefix or "",
        )
        self.endpoint = endpoint_of(settings.model, settings.api_base)
        """The host that texts are sent to."""
        self._query = lru_cache(maxsize=256)(self._embed_question)

    @property
    def id(self) -> str:
        settings = self._settings
        return self._recipe.marked(f"{settings.model}@{self.endpoint}/{settings.dimensions}")

    @property
    def dimensions(self) -> int:
        return self._settings.dimensions

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Raises ModelUnavailable, BadSettings: other dimensions than the settings say."""
        prefixed = [self._recipe.document_prefix + text for text in texts]
        size = self._settings.batch
        runs = [self._ask(prefixed[n : n + size]) for n in range(0, len(prefixed), size)]
        return np.concatenate([np.zeros((0, self.dimensions), np.float32), *runs])

    def embed_query(self, text: str) -> npt.NDArray[np.float32]:
        """Raises like `embed_documents`; the last few questions are remembered."""
        return self._query(text)

    def warm_up(self) -> None:
        """Import the library; nothing is sent."""
        litellm_library()

    def _embed_question(self, text: str) -> npt.NDArray[np.float32]:
        vector = self._ask([self._recipe.query_prefix + text])[0]
        vector.flags.writeable = False  # shared by all who ask the same
        return vector

    def _ask(self, texts: Sequence[str]) -> Vectors:
        model, size = self._settings.model, size_of(list(texts))
        with self._outgoing.call("embedding", self.endpoint, model, sent_bytes=size) as sent:
            library = litellm_library()
            try:
                answer = library.embedding(**self._request(texts))
            except library.failures as exc:
                raise ModelUnavailable(
                    f"the encoder {model!r} at {self.endpoint} did not answer "
                    f"({type(exc).__name__}); see that it runs"
                ) from exc
            sent.got(sent_tokens=getattr(getattr(answer, "usage", None), "prompt_tokens", None))
        rows = sorted(answer.data, key=lambda row: row["index"])
        vectors = np.array([row["embedding"] for row in rows], dtype=np.float32)
        if vectors.shape != (len(texts), self.dimensions):
            raise BadSettings(
                f"{self._settings.model!r} gives vectors of {vectors.shape[-1]} dimensions; set "
                f"PINCITE_ENCODER__DIMENSIONS={vectors.shape[-1]}"
            )
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)

    def _request(self, texts: Sequence[str]) -> dict[str, Any]:
        settings, key = self._settings, self._settings.api_key
        request: dict[str, Any] = {
            "model": settings.model,
            # some servers refuse a text without a letter
            "input": [text if text.strip() else "." for text in texts],
            "timeout": settings.timeout_s,
            "encoding_format": "float",
            "num_retries": 0,
            "drop_params": True,
        }
        if settings.api_base or self.endpoint == "localhost":
            # Servers without keys still want the header to be there.
            request |= {"api_base": settings.api_base or OLLAMA, "api_key": "none"}
        if key:
            request["api_key"] = key.get_secret_value()
        return request
