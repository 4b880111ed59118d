"""Sums of figures that stand in evidence: worked out here, never by a model. Pure.

Four operations, brackets, and a few functions, in decimals; nothing of it is run as a program.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, DecimalException, localcontext
from types import MappingProxyType
from typing import Final, NamedTuple

from agent.readable import readable_spots
from agent.selection import Piece
from pincite.grounding.spots import Spot

LONGEST: Final = 400
"""Characters of an expression."""
CONSTANTS: Final = frozenset(map(Decimal, (1, 2, 12, 100, 1_000, 1_000_000, 1_000_000_000)))
"""What may be used though it stands nowhere: halves, months, per cent, thousands."""
_DIGITS: Final = 28
_PLACES: Final = Decimal("0.0001")
_FIGURE: Final = re.compile(r"(?<![\w.])\d+(?:[.,'’\u00a0\u202f]\d+)*(?![\w])")
_MARK: Final = re.compile(r"\[\s*\d+(?:\s*,\s*\d+)*\s*\]")
_NOISE: Final = re.compile(r"[$€£¥_]|(?<=\d)\s*%")
_GROUPED: Final = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?!\d)")
_SIGNS: Final = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", ":": "/"})

Operation = Callable[[Sequence[Decimal]], Decimal]
_TWO: Final[Mapping[type[ast.operator], tuple[str, Operation]]] = MappingProxyType(
    {
        ast.Add: ("+", lambda of: of[0] + of[1]),
        ast.Sub: ("−", lambda of: of[0] - of[1]),
        ast.Mult: ("×", lambda of: of[0] * of[1]),
        ast.Div: ("÷", lambda of: of[0] / of[1]),
    }
)
FUNCTIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "sum": lambda of: sum(of, Decimal()),
        "mean": lambda of: sum(of, Decimal()) / len(of),
        "min": min,
        "max": max,
        "abs": lambda of: abs(of[0]),
        "round": lambda of: round(of[0], int(of[1]) if len(of) > 1 else 0),
    }
)


class NotComputed(ValueError):
    """Why not, as a sentence for whoever asked."""


class Operand(NamedTuple):
    """A figure of an expression, and where it stands."""

    value: Decimal
    piece: Piece
    spot: Spot

    @property
    def label(self) -> str:
        """Row and column of a cell; empty for a figure of a sentence."""
        columns = self.spot.columns
        head = next((head for head, text in columns if self.value in figures(text)), "")
        named = next((text for _, text in columns if not figures(text)), "")
        first = next((f"{at} {text}" for at, text in columns if at and at != head), "")
        return ", ".join(filter(None, ((named or first).strip(" :;"), head.strip(" :;"))))


class Computed(NamedTuple):
    """What was worked out."""

    written: str
    """With the row and column of each cell: `6,500 (Revenue, 2024) − 5,000 (Revenue, 2023)`."""
    value: Decimal
    operands: tuple[Operand, ...]
    from_others: frozenset[Decimal] = frozenset()
    """Results of earlier sums that went into it."""

    @property
    def shown(self) -> Decimal:
        """To the places that are told."""
        return _shown(self.value)

    @property
    def result(self) -> str:
        return _told(self.value)


def compute(expression: str, pieces: Sequence[Piece], earlier: Sequence[Computed]) -> Computed:
    """Raises NotComputed."""
    tree = _parsed(expression)
    known = {each.shown: each for each in earlier}
    operands: dict[Decimal, Operand] = {}
    others: dict[Decimal, Computed] = {}
    for value in _constants(tree):
        before = known.get(_shown(value))
        found = None if before else _standing(value, pieces)
        if before:
            others[value] = before
        elif found:
            operands[value] = found
        elif value not in CONSTANTS:
            raise NotComputed(
                f"The figure {_told(value)} stands in no evidence that you were shown; find it "
                "with search or open_page first."
            )
    used = (*operands.values(), *(each for other in others.values() for each in other.operands))
    if not used:
        raise NotComputed("An expression needs at least one figure that stands in evidence.")
    with localcontext(prec=_DIGITS):
        try:
            value = _value(tree)
        except (DecimalException, ValueError, OverflowError) as exc:
            raise NotComputed("That has no value, such as a division by zero.") from exc
    if not value.is_finite():
        raise NotComputed("That has no value, such as a division by zero.")
    written = _rendered(tree, operands)
    return Computed(written, value, tuple(dict.fromkeys(used)), frozenset(map(_shown, others)))


def figures(text: str) -> frozenset[Decimal]:
    """Every number of a text without its sign; `1.250` is read both ways."""
    return frozenset(value for found in _FIGURE.findall(text) for value in _readings(found))


def _readings(written: str) -> Iterator[Decimal]:
    plain = re.sub(r"['’\u00a0\u202f]", "", written)
    marks = set(re.findall(r"[.,]", plain))
    for decimal, thousands in ((".", ","), (",", ".")):
        whole, _, rest = plain.partition(decimal)
        grouped = re.fullmatch(rf"\d{{1,3}}(?:\{thousands}\d{{3}})+|\d+", whole)
        if grouped and thousands not in rest and decimal not in rest:
            yield Decimal(whole.replace(thousands, "") + (f".{rest}" if rest else ""))
        if not marks:
            return


def _standing(value: Decimal, pieces: Sequence[Piece]) -> Operand | None:
    for piece in pieces:
        for spot in readable_spots(piece.element):
            if value in figures(spot.text):
                return Operand(value, piece, spot)
    return None


# --- the expression ------------------------------------------------------------------------------


def _parsed(expression: str) -> ast.expr:
    text = _NOISE.sub("", _MARK.sub("", expression.translate(_SIGNS)))
    text = _GROUPED.sub(lambda found: found.group().replace(",", ""), text)
    if len(text) > LONGEST:
        raise NotComputed(f"An expression has at most {LONGEST} characters.")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
        raise NotComputed(
            "That is no expression such as (6500 - 5000) / 5000 * 100 or sum(12.5, 30)."
        ) from exc
    _allowed(tree)
    return tree


def _allowed(node: ast.expr) -> None:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _TWO:
            _allowed(left)
            _allowed(right)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _allowed(operand)
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as given, keywords=[]) if (
            name in FUNCTIONS
        ):
            for each in given:
                _allowed(each)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            pass
        case _:
            names = ", ".join(FUNCTIONS)
            raise NotComputed(
                f"Only figures, + - * /, brackets and {names} are worked out, nothing else."
            )


def _constants(node: ast.expr) -> Iterator[Decimal]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant):
            yield _decimal(each)


def _decimal(node: ast.Constant) -> Decimal:
    return Decimal(str(node.value))


def _value(node: ast.expr) -> Decimal:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return _TWO[type(op)][1]((_value(left), _value(right)))
        case ast.UnaryOp(op=op, operand=operand):
            return -_value(operand) if isinstance(op, ast.USub) else _value(operand)
        case ast.Call(func=ast.Name(id=name), args=given):
            return FUNCTIONS[name]([_value(each) for each in given])
        case ast.Constant():
            return _decimal(node)
        case _:
            raise NotComputed("That is no expression.")


def _rendered(node: ast.expr, operands: Mapping[Decimal, Operand]) -> str:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            sign = _TWO[type(op)][0]
            second = _bracketed(right, operands, op, last=True)
            return f"{_bracketed(left, operands, op)} {sign} {second}"
        case ast.UnaryOp(op=op, operand=operand):
            sign = "−" if isinstance(op, ast.USub) else ""
            return f"{sign}{_bracketed(operand, operands, ast.Mult())}"
        case ast.Call(func=ast.Name(id=name), args=given):
            return f"{name} of {', '.join(_rendered(each, operands) for each in given)}"
        case ast.Constant():
            value = _decimal(node)
            label = operands[value].label if value in operands else ""
            return f"{_told(value)} ({label})" if label else _told(value)
        case _:
            return ""


def _bracketed(
    node: ast.expr, operands: Mapping[Decimal, Operand], op: ast.operator, *, last: bool = False
) -> str:
    text = _rendered(node, operands)
    looser = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
    tight = isinstance(op, ast.Mult | ast.Div)
    needed = (looser and (tight or (last and isinstance(op, ast.Sub)))) or (
        last and isinstance(op, ast.Div) and isinstance(node, ast.BinOp)
    )
    return f"({text})" if needed or isinstance(node, ast.Call) else text


def _shown(value: Decimal) -> Decimal:
    """To the places at which results are told."""
    return value.quantize(_PLACES) if abs(value) < Decimal(10) ** 20 else value


def _told(value: Decimal) -> str:
    """At most four places, without noughts at the end."""
    shown = _shown(value)
    text = f"{shown:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
