"""What the files beside an encoder's weights say of its use: pooling, length, prefixes.

They are those of `sentence-transformers`, which most published encoders bring.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal, cast

from pincite import config
from pincite.errors import BadSettings
from pincite.values import Value

LONGEST = 256
"""Tokens of a text that are read where no file says it: what MiniLM was trained with."""
_QUERY, _DOCUMENT = ("query", "search_query"), ("document", "passage", "search_document")
"""Names of prompts; the first ones are those that the library itself has."""


class Recipe(Value):
    """How a text becomes the model's input and its output a vector."""

    pooling: Literal["mean", "cls"] = "mean"
    longest: int = LONGEST
    """Tokens, those that the model adds among them."""
    query_prefix: str = ""
    document_prefix: str = ""

    def marked(self, identity: str) -> str:
        """An encoder's id, told apart from the same weights with other prefixed passages.

        What stands before a question is no part of it: passages stay as they are.
        """
        if not self.document_prefix:
            return identity
        digest = hashlib.sha256(self.document_prefix.encode()).hexdigest()[:8]
        return f"{identity}+{digest}"


def recipe_of(folder: Path, settings: config.Prefixes) -> Recipe:
    """Settings win over files.

    Raises:
        BadSettings: the files ask for a step that only sentence-transformers can do.
    """
    longest = facts_in(folder / "sentence_bert_config.json").get("max_seq_length")
    return prefixes_of(folder, settings).model_copy(
        update={"pooling": _pooling(folder), "longest": int(longest) if longest else LONGEST}
    )


def prefixes_of(folder: Path, settings: config.Prefixes) -> Recipe:
    """For a library that reads the rest of the files itself."""
    prompts = facts_in(folder / "config_sentence_transformers.json")
    return Recipe(
        query_prefix=_prefix(settings.query_prefix, prompts, _QUERY),
        document_prefix=_prefix(settings.document_prefix, prompts, _DOCUMENT),
    )


def facts_in(file: Path) -> dict[str, Any]:
    """The object in a JSON file; empty where there is none."""
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return cast("dict[str, Any]", read) if isinstance(read, dict) else {}


def _prefix(chosen: str | None, facts: dict[str, Any], names: tuple[str, ...]) -> str:
    if chosen is not None:
        return chosen
    prompts = cast("dict[str, str]", facts.get("prompts") or {})
    default = facts.get("default_prompt_name")
    wanted = (*names, default) if default else names
    return next((prompts[name] for name in wanted if prompts.get(name)), "")


def _pooling(folder: Path) -> Literal["mean", "cls"]:
    facts = facts_in(folder / "1_Pooling" / "config.json")
    asked = {name.removeprefix("pooling_mode_") for name, on in facts.items() if on is True}
    asked -= {"include_prompt"}
    if isinstance(mode := facts.get("pooling_mode"), str):
        asked.add(mode)
    if asked <= {"mean", "mean_tokens"}:
        return "mean"
    if asked == {"cls"} or asked == {"cls_token"}:
        return "cls"
    raise BadSettings(
        f"{folder} wants the pooling {', '.join(sorted(asked))}, which only sentence-transformers "
        "does; set PINCITE_ENCODER__KIND=sentence_transformers"
    )
