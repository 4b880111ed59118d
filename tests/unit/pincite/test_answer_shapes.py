"""Which JSON Schemas an answer may be asked for by, and what is said of the others."""

from __future__ import annotations

from typing import Any

import pytest

from pincite.answer_form import Form
from pincite.answer_shapes import DEEPEST, Items, Leaf, Members, leaves_of, shape_of
from pincite.asking import wishes
from pincite.errors import TooLarge, UserError


def holding(**properties: object) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def test_types_are_read_with_null_beside_them() -> None:
    shape = shape_of(
        holding(
            rent={"type": ["number", "null"], "description": "a month"},
            since={"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
            state={"enum": ["open", "paid", None]},
            lines={"type": "array", "items": {"type": "string"}, "maxItems": 3},
        )
    )
    told = dict(shape.members)
    assert told["rent"] == Leaf(type="number", description="a month")
    assert told["since"] == Leaf(type="date")
    assert told["state"] == Leaf(type="string", choices=("open", "paid"))
    assert told["lines"] == Items(item=Leaf(type="string"), most=3)


def test_what_pydantic_makes_of_nested_models_is_understood() -> None:
    schema: dict[str, Any] = {
        "$defs": {"Party": {"title": "Party", **holding(name={"title": "Name", "type": "string"})}},
        "properties": {
            "tenant": {"$ref": "#/$defs/Party"},
            "others": {"type": "array", "items": {"$ref": "#/$defs/Party"}, "default": []},
        },
        "required": ["tenant"],
        "title": "Lease",
        "type": "object",
        "additionalProperties": False,
    }
    paths = [path for path, _ in leaves_of(shape_of(schema))]
    assert paths == [("tenant", "name"), ("others", "name")]


def deep(levels: int) -> dict[str, Any]:
    return holding(inner=deep(levels - 1)) if levels else {"type": "string"}


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "array", "items": {"type": "string"}}, "at its root"),
        (holding(a={"type": "string", "pattern": "x+"}), '"pattern" at /a'),
        (holding(a={"type": "number", "minimum": 3}), '"minimum" at /a'),
        (holding(a={"type": "string", "format": "email"}), "email"),
        (holding(a={"type": ["string", "number"]}), 'one "type" at /a'),
        (holding(a={"anyOf": [{"type": "string"}, {"type": "number"}]}), '"anyOf" at /a'),
        (holding(a={"type": "object"}), '"properties"'),
        (holding(a={"type": "array"}), '"items"'),
        (holding(a={"$ref": "http://elsewhere/x"}), "$ref"),
        (holding(a={"$ref": "#/$defs/x"}), "leads to nothing"),
        (holding(a={"enum": [1, 2]}), '"enum" at /a'),
        (holding(a=True), "must be an object at /a"),
        ({"type": "object", "properties": {"a" * 61: {"type": "string"}}}, "characters"),
        ({"type": "object", "patternProperties": {}, "properties": {}}, '"patternProperties"'),
        ({}, 'one "type" at /'),
    ],
)
def test_anything_else_is_refused_in_one_sentence(schema: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=r"^[^\n]{1,200}$") as caught:
        shape_of(schema)
    assert said in str(caught.value)


def test_a_schema_that_is_too_long_wide_deep_or_without_end_is_refused() -> None:
    assert isinstance(shape_of(deep(DEEPEST)), Members)
    endless = {**holding(a={"$ref": "#/$defs/x"}), "$defs": {"x": holding(b={"$ref": "#/$defs/x"})}}
    circle = {**holding(a={"$ref": "#/$defs/x"}), "$defs": {"x": {"$ref": "#/$defs/x"}}}
    fan = {f"p{n}": {"$ref": "#/$defs/y"} for n in range(100)}
    bomb = {**holding(**fan), "$defs": {"y": holding(**fan)}}
    for schema in (
        deep(DEEPEST + 1),
        holding(**{f"p{n}": {"type": "string"} for n in range(41)}),
        holding(a={"type": "string", "description": "x" * 17_000}),
        endless,
        circle,
        bomb,
    ):
        with pytest.raises(TooLarge):
            shape_of(schema)


def test_json_takes_a_schema_and_a_schema_means_json() -> None:
    schema = holding(a={"type": "string"})
    assert wishes(None, schema).form is Form.JSON
    assert wishes().form is Form.SHORT
    for form, given in ((Form.JSON, None), (Form.TABLE, schema)):
        with pytest.raises(UserError):
            wishes(form, given)
