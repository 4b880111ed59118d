"""LaTeX formulas as plain sequences of signs, so that two ways to write one formula are equal.

Kept: signs, and what stands above, below, over or under what. Dropped: fonts, spaces, sizes of
brackets. This stands in for a comparison of rendered pictures, which needs a browser.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[^\s]")
_ARGUMENTS = {
    "\\frac": 2, "\\dfrac": 2, "\\tfrac": 2, "\\cfrac": 2, "\\binom": 2, "\\overset": 2,
    "\\underset": 2, "\\stackrel": 2, "\\sqrt": 1, "\\hat": 1, "\\widehat": 1, "\\bar": 1,
    "\\overline": 1, "\\underline": 1, "\\tilde": 1, "\\widetilde": 1, "\\vec": 1, "\\dot": 1,
    "\\ddot": 1, "\\overbrace": 1, "\\underbrace": 1, "\\boxed": 1,
}  # fmt: skip
_FONTS = frozenset({
    "\\mathbf", "\\mathrm", "\\mathit", "\\mathcal", "\\mathbb", "\\mathfrak", "\\mathscr",
    "\\mathsf", "\\mathtt", "\\boldsymbol", "\\bm", "\\text", "\\textbf", "\\textit", "\\textrm",
    "\\operatorname", "\\operatorname*", "\\mbox", "\\rm", "\\bf", "\\it", "\\mathop", "\\pmb",
})  # fmt: skip
_NOTHING = frozenset({
    "\\left", "\\right", "\\middle", "\\big", "\\Big", "\\bigg", "\\Bigg", "\\bigl", "\\bigr",
    "\\Bigl", "\\Bigr", "\\,", "\\;", "\\:", "\\!", "\\>", "\\ ", "\\quad", "\\qquad", "\\\\",
    "\\displaystyle", "\\textstyle", "\\scriptstyle", "\\limits", "\\nolimits", "\\nonumber",
    "\\notag", "&",
})  # fmt: skip
_SAME = {
    "\\dfrac": "\\frac", "\\tfrac": "\\frac", "\\cfrac": "\\frac", "\\le": "≤", "\\leq": "≤",
    "\\leqslant": "≤", "\\ge": "≥", "\\geq": "≥", "\\geqslant": "≥", "\\ne": "≠", "\\neq": "≠",
    "\\to": "→", "\\rightarrow": "→", "\\longrightarrow": "→", "\\leftarrow": "←",
    "\\gets": "←", "\\Rightarrow": "⇒", "\\implies": "⇒", "\\mapsto": "↦", "\\iff": "⇔",
    "\\infty": "∞", "\\times": "×", "\\cdot": "·", "⋅": "·", "∙": "·", "\\pm": "±", "\\mp": "∓",
    "\\div": "÷", "\\in": "∈", "\\notin": "∉", "\\ni": "∋", "\\subset": "⊂", "\\subseteq": "⊆",
    "\\supset": "⊃", "\\supseteq": "⊇", "\\cup": "∪", "\\cap": "∩", "\\setminus": "∖",
    "\\backslash": "∖", "\\emptyset": "∅", "\\varnothing": "∅", "\\forall": "∀", "\\exists": "∃",
    "\\neg": "¬", "\\lnot": "¬", "\\wedge": "∧", "\\land": "∧", "\\vee": "∨", "\\lor": "∨",
    "\\oplus": "⊕", "\\otimes": "⊗", "\\circ": "∘", "\\ast": "∗", "*": "∗", "\\star": "⋆",
    "\\bullet": "•", "\\partial": "∂", "\\nabla": "∇", "\\sum": "∑", "Σ": "Σ", "\\prod": "∏",
    "\\int": "∫", "\\oint": "∮", "\\iint": "∬", "\\sim": "∼", "~": "∼", "\\simeq": "≃",
    "\\approx": "≈", "\\cong": "≅", "\\equiv": "≡", "\\propto": "∝", "\\ll": "≪", "\\gg": "≫",
    "\\perp": "⊥", "\\bot": "⊥", "\\parallel": "∥", "\\|": "‖", "\\Vert": "‖", "\\mid": "|",
    "\\vert": "|", "\\lvert": "|", "\\rvert": "|", "\\langle": "⟨", "\\rangle": "⟩", "〈": "⟨",
    "〉": "⟩", "\\lfloor": "⌊", "\\rfloor": "⌋", "\\lceil": "⌈", "\\rceil": "⌉", "\\{": "{{",
    "\\}": "}}", "\\lbrace": "{{", "\\rbrace": "}}", "\\lbrack": "[", "\\rbrack": "]",
    "\\ldots": "…", "\\dots": "…", "\\cdots": "…", "⋯": "…", "\\prime": "′", "'": "′",
    "−": "-", "–": "-", "\\ell": "ℓ", "\\hbar": "ℏ", "\\Re": "ℜ", "\\Im": "ℑ", "\\aleph": "ℵ",
    "\\dagger": "†", "\\top": "⊤", "\\%": "%", "\\$": "$", "\\#": "#", "\\&": "&&", "\\_": "__",
    "\\triangle": "△", "\\Delta": "Δ", "∆": "Δ", "\\epsilon": "ε", "ϵ": "ε", "\\varepsilon": "ε",
    "\\phi": "φ", "\\varphi": "φ", "ϕ": "φ", "\\theta": "θ", "\\vartheta": "θ", "ϑ": "θ",
    "\\rho": "ρ", "\\varrho": "ρ", "ϱ": "ρ", "\\sigma": "σ", "\\varsigma": "ς", "\\pi": "π",
    "\\varpi": "π", "\\mu": "μ", "µ": "μ", "\\omega": "ω", "\\Omega": "Ω",
    "\\alpha": "α", "\\beta": "β", "\\gamma": "γ", "\\delta": "δ", "\\zeta": "ζ", "\\eta": "η",
    "\\iota": "ι", "\\kappa": "κ", "\\lambda": "λ", "\\nu": "ν", "\\xi": "ξ", "\\tau": "τ",
    "\\upsilon": "υ", "\\chi": "χ", "\\psi": "ψ", "\\Gamma": "Γ", "\\Theta": "Θ",
    "\\Lambda": "Λ", "\\Xi": "Ξ", "\\Pi": "Π", "\\Sigma": "Σ", "\\Upsilon": "Υ", "\\Phi": "Φ",
    "\\Psi": "Ψ",
}  # fmt: skip
_GROUP = "{}"
_ENVIRONMENT = frozenset({"\\begin", "\\end"})
_PRIMES = frozenset({"'", "\\prime", "′"})
_OPEN, _CLOSE = "⟦", "⟧"


def signs_of(latex: str) -> tuple[str, ...]:
    """The signs of a formula; scripts and arguments stand between ⟦ and ⟧, a sub before a super."""
    tokens = _TOKEN.findall(latex)
    return tuple(_group(tokens, [0], None))


def holds(whole: str, part: str) -> bool:
    """Whether one formula is the other or an unbroken part of it."""
    inner, outer = signs_of(part), signs_of(whole)
    size = len(inner)
    return bool(inner) and any(
        outer[start : start + size] == inner for start in range(len(outer) - size + 1)
    )


def _group(tokens: Sequence[str], at: list[int], end: str | None) -> list[str]:
    """Signs up to `end`, which is passed over; `at` holds the place and is moved on."""
    found: list[str] = []
    scripts: dict[str, list[str]] = {}
    while at[0] < len(tokens):
        token = tokens[at[0]]
        if token == end:
            at[0] += 1
            break
        if token in ("_", "^"):
            at[0] += 1
            scripts.setdefault(token, []).extend(_atom(tokens, at))
        elif found and token in _PRIMES:
            at[0] += 1
            scripts.setdefault("^", []).append("′")
        else:
            atom = _atom(tokens, at)
            if atom:
                found.extend(_scripted(scripts))
                found.extend(atom)
    found.extend(_scripted(scripts))
    return found


def _scripted(scripts: dict[str, list[str]]) -> list[str]:
    found: list[str] = []
    for mark in ("_", "^"):
        inner = scripts.pop(mark, [])
        if inner:
            found.extend([mark, _OPEN, *inner, _CLOSE])
    return found


def _atom(tokens: Sequence[str], at: list[int]) -> list[str]:
    """One sign or group with its arguments."""
    if at[0] >= len(tokens):
        return []
    sign = tokens[at[0]]
    at[0] += 1
    if sign == _GROUP[0]:
        return _group(tokens, at, _GROUP[1])
    if sign in _FONTS:
        return _atom(tokens, at)
    if sign in _ENVIRONMENT:
        _atom(tokens, at)
        return []
    return [] if sign in _NOTHING or sign == _GROUP[1] else _sign(sign, tokens, at)


def _sign(sign: str, tokens: Sequence[str], at: list[int]) -> list[str]:
    same = _SAME.get(sign, sign)
    if sign not in _ARGUMENTS:
        is_word = same == sign and sign.startswith("\\")
        return list(sign[1:]) if is_word else [same]
    found = [same]
    for _ in range(_ARGUMENTS[sign]):
        found.extend([_OPEN, *_atom(tokens, at), _CLOSE])
    return found
