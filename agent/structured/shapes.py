"""What a model is to say for a shape: the same with a number of evidence at every value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pincite.answer_shapes import Items, Leaf, LeafType, Members, Shape, leaves_of

_LONGEST: Final = 160
"""Characters of a value."""
NOWHERE: Final = 0
"""Number of what no evidence says."""
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])|[_\-./]+")
_KINDS: Final[dict[LeafType, str]] = {
    "string": "text",
    "date": "a date",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
}


def for_model(shape: Shape, numbers: Sequence[int]) -> dict[str, Any]:
    """A JSON Schema; `numbers` are those of the evidence that is shown."""
    match shape:
        case Leaf():
            return _value(shape, [NOWHERE, *numbers])
        case Members(members=members):
            return closed({name: for_model(member, numbers) for name, member in members})
        case Items(item=item, most=most):
            leaf = isinstance(item, Leaf)
            inner = _value(item, numbers) if leaf else for_model(item, numbers)
            return {"type": "array", "items": inner, "maxItems": most}


def closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _value(leaf: Leaf, numbers: Sequence[int]) -> dict[str, Any]:
    """The number first: a small model that may begin with `null` mostly does."""
    value: dict[str, Any] = {"type": "string", "maxLength": _LONGEST}
    if leaf.type == "boolean":
        value = {"type": "boolean"}
    elif leaf.choices:
        value = {"type": "string", "enum": list(leaf.choices)}
    nullable = {"anyOf": [value, {"type": "null"}]}
    return closed({"evidence": evidence(numbers), "value": nullable})


def evidence(numbers: Sequence[int]) -> dict[str, Any]:
    return {"type": "integer", "enum": list(numbers)}


def spoken(name: str) -> str:
    """`grossWeight_kg` as words."""
    return " ".join(_HUMP.sub(" ", name).split()).lower()


def label_of(path: tuple[str, ...]) -> str:
    """What the value at the end of a path is called."""
    return " ".join(dict.fromkeys(spoken(name) for name in path[-2:]))


def wanted(shape: Shape) -> str:
    """The values to be filled in, a line each."""
    return "\n".join(_lines(shape))


def _lines(shape: Shape) -> Iterator[str]:
    for path, leaf in leaves_of(shape):
        kind = f"one of {', '.join(leaf.choices)}" if leaf.choices else _KINDS[leaf.type]
        more = f": {leaf.description}" if leaf.description else ""
        yield f"- {'.'.join(path)} ({kind}){more}"


def questions(shape: Shape) -> list[str]:
    """What is looked for in the evidence, once for each value."""
    return [f"{label_of(path)} {leaf.description}".strip() for path, leaf in leaves_of(shape)]


def tokens_of(shape: Shape) -> int:
    """Of what a model says for it, at most."""
    match shape:
        case Leaf():
            return 42
        case Members(members=members):
            return 8 + sum(4 + tokens_of(member) for _, member in members)
        case Items(item=item, most=most):
            return 6 + tokens_of(item) * min(most, 6)
