"""Glyphs of a formula → LaTeX: what stands above, below, over and under what.

Signs stay as Unicode, which renderers of LaTeX take as they are, so that the text reads well too.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, median_low
from typing import NamedTuple

from ingestion.layout.marks import Box, Rule, around

_SCRIPT = 0.88
"""Type smaller than this share of its surroundings may be a script."""
_RAISED, _LOWERED = 0.12, 0.04
"""How far from the baseline a script stands, in type sizes."""
_OPERATORS = frozenset("∑∏⋃⋂⋁⋀⨁⨂∐")
_LIMITS = _OPERATORS | {"∫", "∮"}
_TALL = 1.5
_EXTENSIONS = {
    '"': "[", "#": "]", "!": ")", "\x02": "[", "\x03": "]", "h": "[", "i": "]", "P": "∑", "X": "∑",
    "Q": "∏", "Y": "∏", "R": "∫", "Z": "∫",
}  # fmt: skip
"""Codes of TeX's font of large signs, which says nothing about their meaning."""
_MOST_OFF = 0.1
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "{}#%&$_"})


class Glyph(NamedTuple):
    text: str
    box: Box
    size: float
    """Of the type, in points."""
    baseline: float
    """Height on the page."""
    after_space: bool = False


class _Atom(NamedTuple):
    latex: str
    box: Box
    size: float
    baseline: float
    sign: str = ""
    after_space: bool = False


def latex_of(glyphs: Sequence[Glyph], rules: Sequence[Rule] = ()) -> str:
    """One line of LaTeX; `rules` are drawn lines, of which some part fractions.

    Empty where the glyphs stand on several lines: that is no single formula.
    """
    if not glyphs:
        return ""
    atoms = [_read(glyph, glyphs) for glyph in glyphs]
    bars = [rule for rule in rules if rule.horizontal]
    atoms = _with_fractions(atoms, sorted(bars, key=lambda bar: bar.end - bar.start))
    return _line(atoms) if _is_one_line(atoms) else ""


def _is_one_line(atoms: Sequence[_Atom]) -> bool:
    plain = [atom for atom in atoms if atom.sign not in _LIMITS] or list(atoms)
    main = max(atom.size for atom in plain)
    full = [atom for atom in plain if atom.size >= _SCRIPT * main and atom.box.height <= 1.2 * main]
    baseline = median_low([atom.baseline for atom in full]) if full else 0
    off = sum(abs(atom.baseline - baseline) > 0.6 * main for atom in full)
    return off <= _MOST_OFF * len(full)


def _read(glyph: Glyph, glyphs: Sequence[Glyph]) -> _Atom:
    text = glyph.text
    if glyph.box.height > _TALL * median(other.box.height for other in glyphs):
        text = _EXTENSIONS.get(text, text) if glyph.box.height > _TALL * glyph.box.width else text
        text = _OPERATOR_CODES.get(text, text)
    return _Atom(
        text.translate(_ESCAPED), glyph.box, glyph.size, glyph.baseline, text, glyph.after_space
    )


_OPERATOR_CODES = {"X": "∑", "P": "∑", "Y": "∏", "Q": "∏"}


def _with_fractions(atoms: list[_Atom], bars: Sequence[Rule]) -> list[_Atom]:
    """Each bar with signs above and below becomes one atom, inner ones first."""
    for bar in bars:
        width = bar.end - bar.start
        held = [
            atom
            for atom in atoms
            if bar.start - 1 <= (atom.box.left + atom.box.right) / 2 <= bar.end + 1
            and atom.box.width <= width + 3
        ]
        reach = 2.2 * max((atom.size for atom in held), default=0)
        over = [a for a in held if a.box.bottom <= bar.at + 1 and bar.at - a.box.bottom < reach]
        under = [a for a in held if a.box.top >= bar.at - 1 and a.box.top - bar.at < reach]
        if not over or not under:
            continue
        box = around(atom.box for atom in (*over, *under))
        size = max(atom.size for atom in (*over, *under))
        latex = f"\\frac{{{_line(over)}}}{{{_line(under)}}}"
        used = {id(atom) for atom in (*over, *under)}
        atoms = [atom for atom in atoms if id(atom) not in used]
        atoms.append(_Atom(latex, box, size, bar.at + 0.3 * size))
    return atoms


def _line(atoms: Sequence[_Atom]) -> str:
    """Atoms on one baseline with their scripts."""
    plain = [atom for atom in atoms if atom.sign not in _LIMITS] or atoms
    main = max(atom.size for atom in plain)
    full = [
        atom
        for atom in atoms
        if atom.size >= _SCRIPT * main
        and atom.sign not in _LIMITS
        and atom.box.height <= 1.2 * main
    ] or list(atoms)
    baseline = median_low([atom.baseline for atom in full])
    ordered = sorted(atoms, key=lambda atom: (atom.box.left, atom.box.right))
    limits = _limits(ordered, main)
    taken = {id(atom) for above, below in limits.values() for atom in (*above, *below)}
    found: list[str] = []
    raised: list[_Atom] = []
    lowered: list[_Atom] = []
    last: _Atom | None = None
    for atom in ordered:
        if id(atom) in taken:
            continue
        side = _side(atom, main, baseline) if last is not None else 0
        if side:
            (raised if side > 0 else lowered).append(atom)
            continue
        found.extend(_scripts(raised, lowered))
        raised, lowered = [], []
        if last is not None and atom.after_space:
            found.append(" ")
        found.append(atom.latex)
        if id(atom) in limits:
            above, below = limits[id(atom)]
            found.extend(_scripts(above, below))
        last = atom
    found.extend(_scripts(raised, lowered))
    return "".join(found)


def _side(atom: _Atom, main: float, baseline: float) -> int:
    """1 above the line, -1 below it, 0 on it."""
    is_tall = atom.box.height > 1.2 * main
    if atom.size >= _SCRIPT * main or atom.sign in _OPERATORS or is_tall:
        return 0
    rise = baseline - atom.baseline
    if rise > _RAISED * main:
        return 1
    return -1 if rise < -_LOWERED * main else 0


def _scripts(raised: Sequence[_Atom], lowered: Sequence[_Atom]) -> list[str]:
    found: list[str] = []
    if lowered:
        found.append(f"_{{{_line(lowered)}}}")
    if raised:
        inner = _line(raised)
        found.append("'" * len(inner) if set(inner) == {"′"} else f"^{{{inner}}}")
    return found


def _limits(ordered: Sequence[_Atom], main: float) -> dict[int, tuple[list[_Atom], list[_Atom]]]:
    """What stands right above and below large signs."""
    found: dict[int, tuple[list[_Atom], list[_Atom]]] = {}
    taken: set[int] = set()
    signs = [atom for atom in ordered if atom.sign in _OPERATORS]
    for sign in signs:
        small = [
            atom
            for atom in ordered
            if atom.size < _SCRIPT * main and atom.sign not in _OPERATORS and id(atom) not in taken
        ]
        above = _run(sign, [atom for atom in small if atom.box.bottom <= sign.box.top + 1])
        below = _run(sign, [atom for atom in small if atom.box.top >= sign.box.bottom - 1])
        taken.update(id(atom) for atom in (*above, *below))
        if above or below:
            found[id(sign)] = (above, below)
    return found


def _run(sign: _Atom, atoms: Sequence[_Atom]) -> list[_Atom]:
    """Of small signs at one side of a large one, those that hang together around its middle."""
    middle = (sign.box.left + sign.box.right) / 2
    runs: list[list[_Atom]] = []
    for atom in atoms:
        if runs and atom.box.left - max(a.box.right for a in runs[-1]) < 0.6 * atom.size:
            runs[-1].append(atom)
        else:
            runs.append([atom])
    for run in runs:
        box = around(atom.box for atom in run)
        if box.left - sign.size * 0.3 <= middle <= box.right + sign.size * 0.3:
            return run
    return []
