"""The part of JSON Schema by which an answer may be asked for, read and checked.

Types `object`, `array`, `string` (with `enum`, or the format `date`), `number`, `integer`,
`boolean`; `null` beside any of them; `$ref` to the schema's own `$defs`. Anything may come back
null, whatever the schema says. What would narrow values in another way is refused, not ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, cast

from pydantic import Field

from pincite.errors import TooLarge, UserError
from pincite.values import Value

LONGEST: Final = 16_384
"""Characters of a schema as JSON."""
DEEPEST: Final = 5
"""Objects and arrays inside each other."""
MOST_LEAVES: Final = 40
MOST_PARTS: Final = 200
MOST_ITEMS: Final = 12
"""Of an array, where the schema does not say less."""
LONGEST_NAME: Final = 60
MOST_CHOICES: Final = 40

LeafType = Literal["string", "date", "number", "integer", "boolean"]
_LEAVES: Final = frozenset({"string", "number", "integer", "boolean"})
_SAYS_NOTHING: Final = frozenset(
    {"title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"}
    | {"$schema", "$id", "$comment", "$defs", "definitions", "additionalProperties", "required"}
)
"""Understood, and of no weight for what is looked for."""
_TAKEN: Final = {
    "object": frozenset({"type", "properties"}),
    "array": frozenset({"type", "items", "maxItems"}),
    "string": frozenset({"type", "enum", "format"}),
    "number": frozenset({"type"}),
    "integer": frozenset({"type"}),
    "boolean": frozenset({"type"}),
}


_TOLD_BY: Final = {"properties": "object", "items": "array", "enum": "string"}
"""Of a schema without a type."""


class Leaf(Value):
    """One value that is looked for."""

    kind: Literal["leaf"] = "leaf"
    type: LeafType
    choices: tuple[str, ...] = ()
    """One of these; empty for any text."""
    description: str = ""


class Members(Value):
    """An object."""

    kind: Literal["members"] = "members"
    members: tuple[tuple[str, Shape], ...] = Field(min_length=1)
    description: str = ""


class Items(Value):
    """An array."""

    kind: Literal["items"] = "items"
    item: Shape
    most: int
    description: str = ""


Shape = Annotated[Leaf | Members | Items, Field(discriminator="kind")]
Members.model_rebuild()
Items.model_rebuild()


def shape_of(schema: Mapping[str, object]) -> Members:
    """Raises UserError: a part of the schema is not supported. TooLarge: it is too long or deep."""
    try:
        length = len(json.dumps(schema))
    except (TypeError, ValueError, RecursionError) as exc:
        raise UserError("the schema is no JSON") from exc
    if length > LONGEST:
        raise TooLarge(f"the schema has {length:,} characters; at most {LONGEST:,} are read")
    made = _Reader(schema).shape(schema, "", 0)
    if not isinstance(made, Members):
        raise UserError('the schema must be of "type": "object" at its root')
    if (count := sum(1 for _ in leaves_of(made))) > MOST_LEAVES:
        raise TooLarge(f"the schema asks for {count} values; at most {MOST_LEAVES} are looked for")
    return made


def leaves_of(shape: Shape, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Leaf]]:
    """Each with the names that lead to it; what an array holds counts once."""
    match shape:
        case Leaf():
            yield path, shape
        case Members(members=members):
            for name, member in members:
                yield from leaves_of(member, (*path, name))
        case Items(item=item):
            yield from leaves_of(item, path)


class _Reader:
    def __init__(self, root: Mapping[str, object]) -> None:
        self._root = root
        self._read = 0

    def shape(self, schema: object, where: str, depth: int) -> Shape:
        self._read += 1
        if self._read > MOST_PARTS:
            raise TooLarge(f"the schema has more than {MOST_PARTS} parts, references followed")
        told = self._resolved(schema, where, depth)
        kind = self._kind(told, where)
        self._refuse_unknown(told, kind, where)
        description = str(told.get("description", ""))[:300]
        match kind:
            case "object":
                members = self._members(told, where, depth)
                return Members(members=members, description=description)
            case "array":
                if "items" not in told:
                    raise UserError(f'the schema\'s array at {where or "/"} needs "items"')
                item = self.shape(told["items"], f"{where}/items", depth + 1)
                return Items(item=item, most=_most(told, where), description=description)
            case _:
                return _leaf(told, kind, where, description)

    def _resolved(self, schema: object, where: str, depth: int) -> dict[str, Any]:
        """Behind references, and without the `null` that may stand beside."""
        if depth > DEEPEST:
            raise TooLarge(f"the schema is deeper than {DEEPEST} levels at {where}")
        told = _object(schema, where)
        for _ in range(DEEPEST):
            if "$ref" in told:
                told = {**self._target(told["$ref"], where), **_without(told, "$ref")}
            elif one := [key for key in ("anyOf", "oneOf", "allOf") if key in told]:
                told = {**_only(told[one[0]], one[0], where), **_without(told, one[0])}
            else:
                return told
        raise TooLarge(f"the schema refers on and on at {where or '/'}")

    def _target(self, reference: object, where: str) -> dict[str, Any]:
        parts = str(reference).split("/")
        if parts[0] != "#" or len(parts) != 3 or parts[1] not in {"$defs", "definitions"}:
            raise UserError(f'"$ref" at {where or "/"} must lead to "#/$defs/…" of the same schema')
        group = _object(self._root.get(parts[1], {}), parts[1])
        if parts[2] not in group:
            raise UserError(f'"$ref" at {where or "/"} leads to nothing: {reference}')
        return _object(group[parts[2]], where)

    def _kind(self, told: Mapping[str, Any], where: str) -> str:
        named = told.get("type")
        kinds = cast("list[object]", named) if isinstance(named, list) else [named]
        kinds = [kind for kind in kinds if kind != "null"]
        if named is None:
            kinds = [kind for key, kind in _TOLD_BY.items() if key in told][:1]
        if len(kinds) != 1 or kinds[0] not in _TAKEN:
            raise UserError(
                f'the schema needs one "type" at {where or "/"}: object, array, string, number, '
                "integer or boolean, and null beside it"
            )
        return str(kinds[0])

    def _refuse_unknown(self, told: Mapping[str, Any], kind: str, where: str) -> None:
        unknown = sorted(told.keys() - _TAKEN[kind] - _SAYS_NOTHING)
        if unknown:
            taken = ", ".join(sorted(_TAKEN[kind]))
            raise UserError(
                f'"{unknown[0]}" at {where or "/"} of the schema is not supported; '
                f"{kind} takes {taken}"
            )
        extra = told.get("additionalProperties", False)
        if not isinstance(extra, bool):
            raise UserError(f'"additionalProperties" at {where or "/"} can only be true or false')

    def _members(
        self, told: Mapping[str, Any], where: str, depth: int
    ) -> tuple[tuple[str, Shape], ...]:
        properties = _object(told.get("properties", {}), where)
        if not properties:
            raise UserError(f'the schema\'s object at {where or "/"} needs "properties"')
        for name in properties:
            if not name or len(name) > LONGEST_NAME:
                raise UserError(
                    f"a property at {where or '/'} needs a name of 1 to {LONGEST_NAME} characters"
                )
        return tuple(
            (name, self.shape(each, f"{where}/{name}", depth + 1))
            for name, each in properties.items()
        )


def _object(schema: object, where: str) -> dict[str, Any]:
    if not isinstance(schema, dict):
        raise UserError(f"the schema must be an object at {where or '/'}")
    return cast("dict[str, Any]", schema)


def _without(told: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != key}


def _only(choices: object, key: str, where: str) -> dict[str, Any]:
    """The one alternative beside null."""
    listed = cast("list[object]", choices) if isinstance(choices, list) else []
    told = [_object(each, where) for each in listed]
    left = [each for each in told if each.get("type") != "null"]
    if len(left) != 1:
        raise UserError(f'"{key}" at {where or "/"} can only be one schema, and null beside it')
    return left[0]


def _leaf(told: Mapping[str, Any], kind: str, where: str, description: str) -> Leaf:
    choices = _choices(told.get("enum", []), where)
    form = told.get("format")
    if form not in (None, "date"):
        raise UserError(f'the format "{form}" at {where} of the schema is not supported; date is')
    name = "date" if form else kind
    return Leaf(type=cast("LeafType", name), choices=choices, description=description)


def _choices(told: object, where: str) -> tuple[str, ...]:
    listed = cast("list[object]", told) if isinstance(told, list) else []
    choices = [each for each in listed if each is not None]
    texts = tuple(each for each in choices if isinstance(each, str) and each)
    if len(texts) < len(choices) or len(texts) > MOST_CHOICES:
        raise UserError(f'"enum" at {where} can only be a list of up to {MOST_CHOICES} texts')
    return texts


def _most(told: Mapping[str, Any], where: str) -> int:
    most = told.get("maxItems", MOST_ITEMS)
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        raise UserError(f'"maxItems" at {where or "/"} must be a number from 1 on')
    return min(most, MOST_ITEMS)
