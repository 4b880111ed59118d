"""Questions made from the gold annotations of sets that have none: receipts, forms, recordings.

- SROIE: each of the four fields in turn, of a receipt that is named by others of its fields. All
  receipts that the words name with the same value are gold; where the values differ, none is asked.
- FUNSD: the value of a key, asked of the form: keys that stand on it once, have at least `KEY`
  letters and one value linked to them, of at least `VALUE` letters and at most `LONGEST` words.
- Recordings: what is said, asked for by the two words of a recording that fewest others have, in
  their order; gold is the transcript. Those of fewer than `SAID` telling words are not asked about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple

from evals.datasets import funsd, speech, sroie
from evals.datasets.answerable import Answerable, Form
from evals.datasets.funsd import Entity
from evals.datasets.pages import Page
from evals.scorers.fields import day_of, letters_of
from pincite.grounding.words import content

KEY: Final = 4
VALUE: Final = 3
LONGEST: Final = 8
_GAP: Final = re.compile(r"(?<=\w)([/-]) (?=\w)")
SAID: Final = 6
_FORMS: Final[dict[str, Form]] = {
    "company": "name",
    "address": "name",
    "date": "day",
    "total": "amount",
}
_ASKED: Final = {
    "total": "What is the total of the receipt from {company} of {date}?",
    "date": "What is the date of the receipt from {company} with a total of {total}?",
    "company": "Which company issued the receipt of {date} with a total of {total}?",
    "address": "What is the address of {company}?",
}
_NAMED_BY: Final = {
    "total": ("company", "date"),
    "date": ("company", "total"),
    "company": ("date", "total"),
    "address": ("company",),
}


# --- receipts ------------------------------------------------------------------------------------


def of_receipts(receipts: Sequence[sroie.Receipt]) -> list[Answerable]:
    """One question a receipt, about a field by its place in the order given."""
    found: list[Answerable] = []
    for place, receipt in enumerate(receipts):
        turn = [sroie.FIELDS[(place + step) % len(sroie.FIELDS)] for step in range(4)]
        asked = (_of_receipt(receipt, field, receipts) for field in turn)
        found.extend([each for each in asked if each is not None][:1])
    return found


def _of_receipt(
    receipt: sroie.Receipt, field: str, receipts: Sequence[sroie.Receipt]
) -> Answerable | None:
    named_by = _NAMED_BY[field]
    if any(name not in receipt.fields for name in (field, *named_by)):
        return None
    named = [each for each in receipts if _names(each, named_by) == _names(receipt, named_by)]
    if len({_names(each, (field,)) for each in named}) > 1:
        return None
    return Answerable(
        id=f"sroie/{receipt.id}#{field}",
        question=_ASKED[field].format(**receipt.fields),
        answers=(receipt.fields[field],),
        form=_FORMS[field],
        gold=frozenset(Page(each.image.name, 1) for each in named),
        medium="scan",
        evidence="\n".join(line.text for line in receipt.lines),
    )


def _names(receipt: sroie.Receipt, fields: Sequence[str]) -> tuple[str, ...]:
    told = ((field, receipt.fields.get(field, "")) for field in fields)
    return tuple(day_of(v) if field == "date" else letters_of(v) for field, v in told)


# --- forms ---------------------------------------------------------------------------------------


class Filled(NamedTuple):
    """A key of a form and what is entered for it."""

    form: funsd.Form
    key: Entity
    value: str


def filled(form: funsd.Form) -> Iterator[Filled]:
    """Keys that stand once on the form, and the one value that is linked to each."""
    by_id = {entity.id: entity for entity in form.entities}
    keys = Counter(letters_of(entity.whole.text) for entity in form.entities)
    for key in form.entities:
        name = letters_of(key.whole.text)
        if key.label != "question" or keys[name] > 1 or sum(map(str.isalpha, name)) < KEY:
            continue
        linked = {other for pair in key.linking for other in pair if other != key.id}
        values = [by_id[other] for other in linked if other in by_id]
        texts = [_tidy(value.whole.text) for value in values if value.label == "answer"]
        told = texts[0] if len(texts) == 1 else ""
        if len(letters_of(told)) >= VALUE and len(told.split()) <= LONGEST:
            yield Filled(form, key, told)


def of_forms(forms: Sequence[funsd.Form]) -> list[Answerable]:
    return [
        Answerable(
            id=f"funsd/{each.form.id}#{each.key.id}",
            question=f"What is the {key_name(each.key)}?",
            answers=(each.value,),
            form="name",
            gold=frozenset({Page(each.form.image.name, 1)}),
            medium="scan",
            file=each.form.image.name,
            evidence="\n".join(entity.whole.text for entity in each.form.entities),
        )
        for form in forms
        for each in filled(form)
    ]


def _tidy(text: str) -> str:
    """The set's words are joined by spaces where the form has none: `08/ 14/ 87`."""
    return _GAP.sub(r"\1", text).strip(" .")


def key_name(key: Entity) -> str:
    """As one would speak of it: without the colon, not in capitals only."""
    text = key.whole.text.strip(" :.-_*")
    return text.lower() if text.isupper() else text


# --- recordings ----------------------------------------------------------------------------------


def of_clips(clips: Sequence[speech.Clip]) -> list[Answerable]:
    having = Counter(chain.from_iterable(set(content(clip.text)) for clip in clips))
    found: list[Answerable] = []
    for clip in clips:
        words = clip.text.split()
        telling = {stems[0]: word for word in words if len(stems := content(word)) == 1}
        if len(telling) < SAID:
            continue
        rarest = sorted(telling, key=lambda stem: (having[stem], -len(stem), stem))[:2]
        named = [telling[stem].strip('.,;:"').lower() for stem in telling if stem in rarest]
        found.append(
            Answerable(
                id=f"speech/{clip.id}",
                question=f"What is said about {' and '.join(named)}?",
                answers=(clip.text,),
                form="speech",
                gold=frozenset({Page(clip.audio.name, 1)}),
                medium="speech",
                evidence=clip.text,
            )
        )
    return found
