"""How a question is to be answered, as its asker wishes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import Field, model_validator

from pincite.answer_form import Form
from pincite.answer_shapes import Members, shape_of
from pincite.errors import UserError
from pincite.values import Value


class Wishes(Value):
    form: Form = Form.SHORT
    outline: dict[str, Any] | None = Field(default=None, alias="schema")
    """Of the form `json`: the JSON Schema of the answer."""
    fresh: bool = False
    """Make the answer anew, even if nothing has changed since the same question was answered."""

    @model_validator(mode="after")
    def _has_a_schema_where_it_needs_one(self) -> Self:
        if (self.outline is not None) is not (self.form is Form.JSON):
            raise ValueError("the form json takes a schema, and no other form does")
        return self

    @property
    def shape(self) -> Members | None:
        """What the schema asks for. Raises UserError: a part of it is not supported."""
        return None if self.outline is None else shape_of(self.outline)


AS_EVER = Wishes()


def wishes(
    form: Form | None = None, schema: Mapping[str, Any] | None = None, *, fresh: bool = False
) -> Wishes:
    """As they come from outside; a schema means the form `json`.

    Raises:
        UserError: no schema for JSON, one for another form, or one that is not supported.
    """
    form = form or (Form.SHORT if schema is None else Form.JSON)
    if form is Form.JSON and schema is None:
        raise UserError("the form json needs a JSON Schema of the answer (--schema FILE.json)")
    if form is not Form.JSON and schema is not None:
        raise UserError(f"a schema is for the form json, not for {form}")
    if schema is not None:
        shape_of(schema)
    return Wishes(form=form, schema=None if schema is None else dict(schema), fresh=fresh)
