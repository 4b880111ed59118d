"""Receipts and invoices: who sold, where, when, and for how much.

The head of a receipt names the seller, then the address, then numbers and dates; amounts stand at
the end of rows, and the one to pay beside a word that says so. Words are those of English and a few
other languages; without any of them a field is left out rather than guessed at random.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingestion.layout.form_fields import Field, cut
from ingestion.layout.lines import rows_of
from ingestion.layout.marks import Line, Word, line_of
from ingestion.layout.typed_values import amount_of, amounts_in, dates_in

_FIRM = re.compile(
    r"(?:\b(?:sdn\.?\s?bh?d|bhd|[s5]/b|sb|enterprise|trading|ltd|limited|inc|llc|llp|plc|corp"
    r"|corporation|gmbh|ag|kg|ohg|s\.?a\.?r\.?l|s\.?r\.?l|b\.?v|pte|pty|co|company"
    r"|restaurant|restoran|hotel|cafe|bakery|pharmacy|station|store|stores|mart|market"
    r"|hardware|bistro)\b\.?)",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"\b(?:sdn\.?\s?b\w?d|bhd|[s5]/b|sb|ltd|limited|inc|llc|llp|plc|gmbh|ag|pte|pty)\b\.?",
    re.IGNORECASE,
)
_HEAD_ENDS = re.compile(
    r"\b(?:te[l1i]|telephone|phone|fax|h/?p|hotline|cashier|date|invoice|receipt|cash\s+(?:bill|sales?)"
    r"|bill|table|document|order|qty|item|site|www|e-?mail|\w*careline|tax\s*invoice|operator|doc)\b"
    r"|@|www\.|\.com\b",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"(?:\b(?:gst|vat|tax|reg|co|company|business|roc|ssm)\b.{0,16}"
    r"(?:\b(?:no|id|number|reg)\b|\d{6}))"
    r"|^[\W\d]*\d{4,}[\s-]*[a-z]?\W*$|^\W*[a-z]{2}\d{5,}[\s-]*[a-z]\W*$",
    re.IGNORECASE,
)
_STREET = re.compile(
    r"\b(?:jalan|j[l1i]n|jl|lot|taman|tmn|kawasan|lorong|lebuh\w*|persiaran|plaza|mall|menara|wisma"
    r"|bandar|street|st|road|rd|avenue|ave|blvd|boulevard|lane|suite|floor|flr|level|block|b[l1i]k"
    r"|unit|building|square|park|highway|hwy|drive|rue|calle|via|platz)\b|stra(?:ß|ss)e\b|str\.\s"
    r"|\bno[.:]?\s?[\w-]*\d|,$|\b\d{5}\b"
    # A house number with a comma; words that OCR glued to the next one.
    r"|^\W*\d{1,4}[a-z]?(?:[-/&]\d+[a-z]?)*,\s?[a-z]{3}|\b(?:jalan|taman|kawasan)(?=[a-z\d])",
    re.IGNORECASE,
)
_REGISTERED = re.compile(
    r"\(?\s*(?:co\.?\s*(?:no|reg).*|\(?[A-Z]{0,2}\d[\d-]{4,}\s?-?\s?[A-Z]?\)?.*)$", re.IGNORECASE
)
_HEAD = 0.45
"""Share of the rows that the head of a receipt takes at most."""
_APART = 2.0
"""White that ends an address, in type sizes."""
_TOTALS = (
    (
        5,
        r"round\w*\s*\w*\s*total|total\s*(?:amt|amount)?\s*(?:after\s*)?round|amount\s+due"
        r"|total\s+(?:due|payable)|balance\s+due|amount\s+payable|zu\s+zahlen|montant\s+[aà]",
    ),
    (4, r"grand\s*total|nett?\s*total|total\s*amount|total\s*amt|gesamt\w*|importe\s+total"),
    (3, r"(?:total|sales?|amount)\s*(?:sales?)?\s*\(?\s*(?:incl|with)"),
    (2, r"nett?\s*(?:amt|amount)|payable|\btotal\b|\bsumme\b|\bsuma\b|\btotale\b"),
)
_TOTAL_RANKS = tuple((rank, re.compile(pattern, re.IGNORECASE)) for rank, pattern in _TOTALS)
_ROUNDING = re.compile(r"\bround", re.IGNORECASE)
_AFTER_ROUNDING, _SOON = 6, 4
_NO_TOTAL = re.compile(
    r"sub|excl|before|disc|saving|qty|quantity|item|change|adj|point|accept|tender|zwischen",
    re.IGNORECASE,
)
_TAX = re.compile(r"\b(?:tax|gst|vat|mwst|g\.s\.t)\b", re.IGNORECASE)
_WITH_TAX = re.compile(r"\bincl|\bwith\b|\binkl", re.IGNORECASE)
_CASH = re.compile(r"\b(?:cash|tender\w*|paid|visa|master\w*|card|bar)\b", re.IGNORECASE)
_CHANGE = re.compile(r"\b(?:change|rückgeld)\b", re.IGNORECASE)
_DATED = re.compile(r"\bdate|\bdatum|\bfecha|\bdated|date\b", re.IGNORECASE)
_OTHER_DATE = re.compile(r"\b(?:due|valid|expir\w*|exp|deliver\w*|until|birth)\b", re.IGNORECASE)
_WORD = re.compile(r"(?!RM|USD|EUR|CHF)[^\W\d]{2,}", re.IGNORECASE)
_SALE = re.compile(
    r"\b(?:invoice|receipt|cash|bill|change|gst|vat|qty|cashier|rechnung|facture|kasse|payment|paid)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 450
"""Words; a page with more is a report, whatever totals are in it."""
_PRICED = 0.15
"""Share of the rows that have an amount."""
Rows = Sequence[Sequence[Line]]


def receipt_fields(lines: Sequence[Line]) -> list[Field]:
    """Seller, address, date and total; nothing where the page is no receipt or invoice."""
    if sum(len(line.words) for line in lines) > _MOST_WORDS:
        return []
    rows = rows_of([line for line in lines if line.placed is None])
    if not _is_sale(rows):
        return []
    date, total = _date(rows), _total(rows)
    head = _head(rows)
    company = _company(head)
    found = [company, _address(head, company), date, total]
    return [field for field in found if field is not None]


def _is_sale(rows: Rows) -> bool:
    texts = [" ".join(line.text for line in row) for row in rows]
    said = {found.casefold() for found in _SALE.findall("\n".join(texts))}
    priced = sum(any(amounts_in(text)) for text in texts)
    return len(said) >= 2 and priced >= max(2, _PRICED * len(texts))


# --- the head ------------------------------------------------------------------------------------


def _head(rows: Rows) -> list[Line]:
    most = max(6, round(_HEAD * len(rows)))
    return [_whole(row) for row in rows[:most]]


def _whole(row: Sequence[Line]) -> Line:
    return row[0] if len(row) == 1 else line_of([word for line in row for word in line.words])


def _company(head: Sequence[Line]) -> Field | None:
    """The first line that a firm's name ends, else the first line with a name in it."""
    best: int | None = None
    for pattern in (_LEGAL, _FIRM):
        best = next(
            (
                place
                for place, line in enumerate(head)
                if _is_name(line) and pattern.search(line.text)
            ),
            None,
        )
        if best is not None:
            break
    if best is None:
        best = next((place for place, line in enumerate(head) if _is_name(line)), None)
    if best is None:
        return None
    lines = [head[best]]
    if (
        _ends_name(head[best])
        and best
        and _is_name(head[best - 1])
        and _touch(*head[best - 1 : best + 1])
    ):
        lines.insert(0, head[best - 1])
    words = tuple(word for line in lines for word in _without_number(line))
    return Field("company", (), words, tuple(lines)) if words else None


def _is_name(line: Line) -> bool:
    text = line.text
    name = _name_part(text)
    letters = sum(letter.isalpha() for letter in name)
    return (
        letters >= 4
        and letters > 0.5 * len(name.replace(" ", ""))
        and not _NUMBERS.search(name)
        and not (_HEAD_ENDS.search(text) and not _LEGAL.search(text))
        and ":" not in text.partition("(")[0]
    )


def _name_part(text: str) -> str:
    return _REGISTERED.sub("", text)


def _ends_name(line: Line) -> bool:
    """Whether a line only finishes a name that began above."""
    rest = _FIRM.sub("", _name_part(line.text))
    return not any(letter.isalpha() for letter in rest)


def _without_number(line: Line) -> tuple[Word, ...]:
    """The name without the number of registration behind it."""
    at = _REGISTERED.search(line.text)
    end = at.start() if at is not None and at.start() > 3 else len(line.text)
    return cut(line, 0, end)


def _touch(above: Line, below: Line) -> bool:
    return -0.5 * below.size <= below.box.top - above.box.bottom <= 0.8 * below.size


def _address(head: Sequence[Line], company: Field | None) -> Field | None:
    """Lines below the seller from the first that names a street to the last before numbers."""
    named = company.lines[-1] if company else None
    start = next((place + 1 for place, line in enumerate(head) if line is named), 0)
    taken = _address_lines(head[start:]) or _address_lines(head[: max(0, start - 1)])
    if not taken:
        return None
    return Field("address", (), tuple(word for line in taken for word in line.words), tuple(taken))


def _address_lines(lines: Sequence[Line]) -> list[Line]:
    taken: list[Line] = []
    for line in lines:
        if taken and line.box.top - taken[-1].box.bottom > _APART * line.size:
            break
        if _is_no_address(line.text):
            if taken:
                break
        elif taken or _STREET.search(line.text):
            taken.append(line)
    return taken


def _is_no_address(text: str) -> bool:
    if _HEAD_ENDS.search(text) or _NUMBERS.search(text):
        return True
    return not _STREET.search(text) and any((*dates_in(text), *amounts_in(text)))


# --- date and total ------------------------------------------------------------------------------


def _date(rows: Rows) -> Field | None:
    """The date that is called so, else the first; one that something is due by is another."""
    best: tuple[int, Field] | None = None
    for row, above in zip(rows, [None, *rows], strict=False):
        beside = " ".join(line.text for line in row)
        label = beside + " " + " ".join(line.text for line in above or () if len(line.words) < 4)
        for line in row:
            for start, end in dates_in(line.text):
                rank = 2 * bool(_DATED.search(beside)) + bool(_DATED.search(label))
                rank -= 4 * bool(_OTHER_DATE.search(beside))
                if best is None or rank > best[0]:
                    best = rank, Field("date", (), cut(line, start, end), (line,))
    return best[1] if best else None


def _total(rows: Rows) -> Field | None:
    """The amount beside the word that says most surely that this is to be paid."""
    found = list(_totals(rows))
    if not found:
        return _paid(rows)
    best = max(rank for rank, _, _ in found)
    sure = [(amount, field) for rank, amount, field in found if rank == best]
    return max(sure, key=lambda item: item[0])[1]


def _paid(rows: Rows) -> Field | None:
    """Where no total is named: the amount that was given less what came back."""
    given: tuple[float, Field] | None = None
    back = 0.0
    for row, below in pairwise([*rows, []]):
        text = " ".join(line.text for line in row)
        amount = _amount(row, below)
        if amount is not None and _CHANGE.search(text):
            back = amount[0]
        elif amount is not None and _CASH.search(text):
            given = amount
    if given is None or not back:
        return given[1] if given else None
    same = (found for row in rows if (found := _last_amount(row)) is not None)
    return next((field for value, field in same if abs(value - given[0] + back) < 0.005), None)


def _totals(rows: Rows) -> Iterator[tuple[int, float, Field]]:
    rounded = -_SOON
    for number, (row, below) in enumerate(pairwise([*rows, []])):
        text = " ".join(line.text for line in row)
        rounded = number if _ROUNDING.search(text) else rounded
        rank = next((rank for rank, pattern in _TOTAL_RANKS if pattern.search(text)), 0)
        if not rank or _NO_TOTAL.search(text) or (_TAX.search(text) and not _WITH_TAX.search(text)):
            continue
        amount = _amount(row, below)
        if amount is not None and amount[0] > 0:
            yield (_AFTER_ROUNDING if number - rounded < _SOON else rank), *amount


def _amount(row: Sequence[Line], below: Sequence[Line]) -> tuple[float, Field] | None:
    """The last amount of a row, or of the row below where that has nothing else, with its label."""
    found = _last_amount(row)
    if found is None and not _WORD.search(" ".join(line.text for line in below)):
        found = _last_amount(below)
    if found is None:
        return None
    amount, field = found
    first = row[0]
    end = next((start for start, _ in amounts_in(first.text)), len(first.text))
    return amount, field._replace(label=cut(first, 0, end))


def _last_amount(row: Sequence[Line]) -> tuple[float, Field] | None:
    for line in reversed(row):
        spans = list(amounts_in(line.text))
        if spans:
            start, end = spans[-1]
            value = amount_of(line.text[start:end])
            if value is not None:
                return value, Field("total", (), cut(line, start, end), (line,))
    return None
