"""Writes docs/settings.md from the settings themselves; a test compares the two.

Run: python -m scripts.settings_page
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pincite.config import PREFIX, Section, Settings

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"

INTRO = """# Settings

Every setting is a variable of the environment or a key of `pincite.toml` in the data folder
(`pincite connect` writes that file). The environment wins over the file. An unknown name or a value
out of range stops the start with one sentence that names it. This page is written by
`python -m scripts.settings_page`.
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = [INTRO, "## The installation\n", _table(Settings, ())]
    for name, field in Settings.model_fields.items():
        for section in _sections(field.annotation):
            kind = section.model_fields.get("kind")
            suffix = f" (`kind = {kind.default}`)" if _is_union(field.annotation) and kind else ""
            about = inspect.getdoc(section) or ""
            inherited = inspect.getdoc(Section)
            text = "" if about == inherited else about + "\n\n"
            parts.append(f"## `{name}`{suffix}\n\n{text}{_table(section, (name,))}")
    return "\n".join(parts)


def _sections(annotation: Any) -> Iterator[type[Section]]:
    if inspect.isclass(annotation) and issubclass(annotation, Section):
        yield annotation
    for part in get_args(annotation):
        yield from _sections(part)


def _is_union(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return _is_union(get_args(annotation)[0])
    return get_origin(annotation) in (Union, UnionType)


def _table(model: type[BaseModel], path: tuple[str, ...]) -> str:
    notes = _attribute_docs(model)
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in model.model_fields.items():
        if list(_sections(field.annotation)) and not path:
            continue
        variable = PREFIX + "__".join((*path, name)).upper()
        meaning = " ".join((notes.get(name, "") + " " + _choices(field)).split())
        rows.append(f"| `{variable}` | {_default(field)} | {meaning} |")
    return "\n".join(rows) + "\n"


def _choices(field: FieldInfo) -> str:
    values = [v for v in get_args(field.annotation) if get_origin(field.annotation) is Literal]
    return "One of " + ", ".join(f"`{v}`" for v in values) + "." if len(values) > 1 else ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default_factory is not None:
        return "in the user's data folder"
    default: object = field.default
    if isinstance(default, tuple):
        items = cast("tuple[object, ...]", default)
        return "`" + ",".join(map(str, items)) + "`" if items else "none"
    return "none" if default is None else f"`{default}`"


def _attribute_docs(model: type[BaseModel]) -> dict[str, str]:
    """The string below each field, inherited ones included, read from the source."""
    bases = [each for each in reversed(model.__mro__) if issubclass(each, Section)]
    docs = [_own_docs(each) for each in bases if each is not Section]
    return {name: doc for own in docs for name, doc in own.items()}


def _own_docs(model: type[BaseModel]) -> dict[str, str]:
    tree = ast.parse(inspect.getsource(sys.modules[model.__module__]))
    body = next(
        n.body for n in tree.body if isinstance(n, ast.ClassDef) and n.name == model.__name__
    )
    return {
        field.target.id: doc.value.value
        for field, doc in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(doc, ast.Expr)
        and isinstance(doc.value, ast.Constant)
        and isinstance(doc.value.value, str)
    }


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
