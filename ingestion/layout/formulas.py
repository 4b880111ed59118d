"""Lines → displayed formulas: what stands apart from running text and is made of signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ingestion.layout.glyphs import Glyph, latex_of
from ingestion.layout.marks import Box, Line, Placed, Rule, Word, around

Glyphs = Callable[[Sequence[Box]], list[list[Glyph]]]
"""The glyphs in each of some boxes of the page."""

_RELATION = re.compile(r"[=≈≠≤≥<>≡∼≃≅∝→↦⇒⇔∈⊂⊆≪≫]")
_SIGN = re.compile("[=≈≠≤≥≡∼≃≅∝→↦⇒⇔∈∉⊂⊆∪∩≪≫∑∏∫∮∂∇√∞×±∓⋅⊕⊗∀∃∧∨¬⟨⟩‖′α-ωΑ-Ωϕϵϑϱ]")
_PROSE = re.compile(r"[A-Za-zÀ-ÿ][a-zà-ÿ]{3,}[,.;:]?|[A-Za-zÀ-ÿ]{2,}[,.;:]")
_LABEL = re.compile(r"\((?:[A-Z]\.?)?\d+(?:[.\-]\d+)*[a-z]?\)")
_AMOUNT = re.compile(r"[$€£%]|\d,\d{3}")
_NEAR = 0.75
"""Type sizes between parts of one formula, from bottom to top."""
_BESIDE = 2.5
_LONGEST = 400
_MOST_REGIONS = 40


def with_formulas(lines: Sequence[Line], rules: Sequence[Rule], glyphs: Glyphs) -> list[Line]:
    """The lines with each displayed formula as one standing line; its text is LaTeX."""
    regions = formula_regions(lines)
    if not regions:
        return list(lines)
    boxes = [around(line.box for line in region) for region in regions]
    taken: set[int] = set()
    found: list[Line] = []
    for region, box, inside in zip(regions, boxes, glyphs(boxes), strict=True):
        latex = latex_of(inside, [rule for rule in rules if _is_in(rule, box)])
        if latex:
            taken.update(id(line) for line in region)
            found.append(_standing(region, box, latex))
    return [line for line in lines if id(line) not in taken] + found


def formula_regions(lines: Sequence[Line]) -> list[list[Line]]:
    """Groups of lines that are one formula each; fast where the page has no signs."""
    free = [line for line in lines if line.placed is None]
    likely = [line for line in free if _is_seed(line)]
    if not likely:
        return []
    prose = [line for line in free if _is_prose(line)]
    seeds = [line for line in likely if not _is_beside(line, prose) and not _is_flush(line, prose)]
    if not seeds or len(seeds) > _MOST_REGIONS:
        return []
    parts = [line for line in free if not _is_prose(line)]
    regions: list[list[Line]] = []
    taken: set[int] = set()
    for seed in seeds:
        if id(seed) not in taken:
            region = _grown(seed, parts, taken)
            if not any(letter.isalpha() for line in region for letter in line.text):
                continue
            taken.update(id(line) for line in region)
            regions.append(region)
    return _side_by_side(regions)


def _side_by_side(regions: list[list[Line]]) -> list[list[Line]]:
    """Regions on one row with little white between them are one formula."""
    found: list[tuple[Box, list[Line]]] = []
    for region in sorted(regions, key=lambda region: min(line.box.left for line in region)):
        box = around(line.box for line in region)
        for at, (other, lines) in enumerate(found):
            shared = min(box.bottom, other.bottom) - max(box.top, other.top)
            close = box.left - other.right < _BESIDE * _size(region[0])
            if close and shared > 0.5 * min(box.height, other.height):
                found[at] = (around((box, other)), lines + region)
                break
        else:
            found.append((box, region))
    return [lines for _, lines in found]


def _size(line: Line) -> float:
    return max(word.size for word in line.words)


def _is_seed(line: Line) -> bool:
    text = line.text
    if len(text) > _LONGEST or _RELATION.search(text) is None or _AMOUNT.search(text):
        return False
    return not _is_prose(line) and (
        _SIGN.search(text.replace("=", "")) is not None or _is_short_sum(line)
    )


def _is_short_sum(line: Line) -> bool:
    """Such as `a + b = c`: single letters, numbers and signs."""
    return all(
        len(word.text.strip("()[],.|")) <= 2 or "(" in word.text or word.text.isdigit()
        for word in line.words
    )


def _is_prose(line: Line) -> bool:
    words = [word.text for word in line.words]
    return sum(_PROSE.fullmatch(word) is not None for word in words) > max(1, 0.25 * len(words))


def _is_flush(seed: Line, prose: Sequence[Line]) -> bool:
    """Whether it begins where the lines of running text around it do: it is one of them."""
    return any(
        abs(line.box.left - seed.box.left) < 1.2 * seed.size
        and abs(line.box.top - seed.box.top) < 4 * seed.size
        for line in prose
    )


def _is_beside(seed: Line, prose: Sequence[Line]) -> bool:
    """Whether text stands close beside, as where a formula is a part of a sentence."""
    for line in prose:
        shared = min(line.box.bottom, seed.box.bottom) - max(line.box.top, seed.box.top)
        gap = max(line.box.left - seed.box.right, seed.box.left - line.box.right)
        if shared > 0.3 * seed.box.height and gap < 4 * seed.size:
            return True
    return False


def _grown(seed: Line, parts: Sequence[Line], taken: set[int]) -> list[Line]:
    """The seed with what touches it: limits, numerators, scripts and the rest of a broken row."""
    region = [seed]
    box = seed.box
    known = {id(seed), *taken}
    again = True
    while again:
        again = False
        for line in parts:
            if id(line) in known or not _touches(line, box, _size(seed)):
                continue
            region.append(line)
            known.add(id(line))
            box = around((box, line.box))
            again = True
    return region


def _touches(line: Line, box: Box, size: float) -> bool:
    down = max(line.box.top - box.bottom, box.top - line.box.bottom)
    across = max(line.box.left - box.right, box.left - line.box.right)
    is_part = len(line.text) <= 12 or _SIGN.search(line.text) is not None
    if down < 0:
        return across < _BESIDE * size and (is_part or _LABEL.fullmatch(line.text) is not None)
    # a second relation further down is a formula of its own
    return (
        is_part
        and across < 0.5 * size
        and down < _NEAR * size
        and (line.size < 0.85 * size or _RELATION.search(line.text) is None)
        and len(line.text) <= 40
    )


def _is_in(rule: Rule, box: Box) -> bool:
    return (
        rule.horizontal
        and box.top <= rule.at <= box.bottom
        and box.left - 2 <= rule.start
        and rule.end <= box.right + 2
    )


def _standing(region: Sequence[Line], box: Box, latex: str) -> Line:
    words = tuple(word for line in region for word in line.words)
    first = Word("", box, box, region[0].size)
    order = min(line.order for line in region)
    return Line(
        (first,),
        box,
        region[0].size,
        bold=False,
        order=order,
        placed=Placed(box, formula=latex, words=words),
    )
