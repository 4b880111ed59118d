"""The form `json`: values by the caller's schema, each looked up and checked, and their text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

from pydantic import JsonValue

from agent.run import Run
from agent.structured.anchoring import Anchored, anchored
from agent.structured.checking import checked, placed
from agent.structured.shapes import label_of
from pincite.answer_shapes import Items, Leaf, Members, Shape
from pincite.answers import CheckedClaim, CheckedSentence, Citation, Label, SentenceId
from pincite.structured import Datum, Structured

Path = tuple[str | int, ...]


class Slot(NamedTuple):
    """A place for one value."""

    path: Path
    leaf: Leaf
    found: Anchored
    row: str = ""
    """What the object of a list is called that it belongs to."""


class Filled(NamedTuple):
    """A slot with the checker's word; without a claim there is no value."""

    datum: Datum
    claim: CheckedClaim | None


Tree = dict[str, "Tree"] | list["Tree"] | Slot
"""As the schema has it."""


def laid_out(
    shape: Shape, said: object, shown: Sequence[Citation], path: Path = (), row: str = ""
) -> Tree:
    """What a model said, at its places; of a list only what has any value."""
    match shape:
        case Leaf():
            return Slot(path, shape, anchored(shape, said, shown), row)
        case Members(members=members):
            told = cast("dict[str, object]", said) if isinstance(said, dict) else {}
            row = row if not path or isinstance(path[-1], str) else _called(shape, told, shown)
            return {
                name: laid_out(member, told.get(name), shown, (*path, name), row)
                for name, member in members
            }
        case Items(item=item, most=most):
            listed = cast("list[object]", said) if isinstance(said, list) else []
            entries: list[Tree] = []
            for each in listed[:most]:
                entry = laid_out(item, each, shown, (*path, len(entries)), row)
                if any(slot.found.value is not None for slot in slots_of(entry)):
                    entries.append(entry)
            return entries


def _called(shape: Members, told: dict[str, object], shown: Sequence[Citation]) -> str:
    """The first text of an object in a list: what tells it from the others."""
    for name, member in shape.members:
        if isinstance(member, Leaf) and member.type == "string" and not member.choices:
            return anchored(member, told.get(name), shown).written
    return ""


def slots_of(tree: Tree) -> Iterator[Slot]:
    """In order."""
    if isinstance(tree, Slot):
        yield tree
        return
    for each in tree.values() if isinstance(tree, dict) else tree:
        yield from slots_of(each)


async def filled(run: Run, slot: Slot) -> Filled:
    """A value that the checker does not bear out is withdrawn: JSON has no place for a mark."""
    found = slot.found
    if found.value is None:
        return Filled(Datum(path=slot.path, written=found.written, why=found.why), None)
    names = tuple(part for part in slot.path if isinstance(part, str))
    own = label_of(names[-1:]) if slot.row else label_of(names)
    label = f"{slot.row}, {own}" if slot.row and slot.row != found.written else own
    made = await checked(run, label, found.written, found.number)
    datum = Datum(
        path=slot.path,
        value=found.value,
        written=found.written,
        cites=made.claim.cites,
        verdict=made.verdict,
    )
    if made.verdict.label is Label.SUPPORTED:
        return Filled(datum, made)
    why = f"“{found.written}” was withdrawn. {made.verdict.reason}"
    return Filled(datum.model_copy(update={"value": None, "why": why}), None)


def told(tree: Tree, values: dict[Path, Filled]) -> tuple[CheckedSentence, Structured]:
    """The object as text, its values as claims at their places."""
    writer = _Writer(values)
    writer.write(tree, "")
    content = cast("JsonValue", json.loads(writer.text))
    sentence = CheckedSentence(id=SentenceId("s1"), text=writer.text, claims=tuple(writer.claims))
    data = tuple(values[slot.path].datum for slot in slots_of(tree))
    return sentence, Structured(form="json", data=data, content=content)


async def give_values(run: Run, shape: Members, said: dict[str, object]) -> None:
    """The values of `said` that stand in the evidence and that the checker bears out."""
    tree = laid_out(shape, said, run.citations)
    values = {slot.path: await filled(run, slot) for slot in slots_of(tree)}
    sentence, run.data = told(tree, values)
    run.sentences = [sentence] if sentence.claims else []


class _Writer:
    def __init__(self, values: dict[Path, Filled]) -> None:
        self._values = values
        self.text = ""
        self.claims: list[CheckedClaim] = []

    def write(self, tree: Tree, indent: str) -> None:
        if isinstance(tree, Slot):
            self._value(self._values[tree.path])
        elif isinstance(tree, dict):
            self._group(
                "{", "}", [(f"{_json(name)}: ", each) for name, each in tree.items()], indent
            )
        else:
            self._group("[", "]", [("", each) for each in tree], indent)

    def _value(self, filled: Filled) -> None:
        start = len(self.text)
        self.text += _json(filled.datum.value)
        if filled.claim is not None:
            self.claims.append(placed(filled.claim, start, len(self.text)))

    def _group(
        self, opened: str, closed: str, parts: Sequence[tuple[str, Tree]], indent: str
    ) -> None:
        self.text += opened
        for place, (name, each) in enumerate(parts):
            self.text += f"{',' if place else ''}\n{indent}  {name}"
            self.write(each, f"{indent}  ")
        self.text += f"\n{indent}{closed}" if parts else closed


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
