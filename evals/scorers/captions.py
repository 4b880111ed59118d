"""How near a caption is to those that people wrote: BLEU, CIDEr-D; and to the picture: CLIPScore.

BLEU (Papineni et al. 2002) over all captions at once, the reference nearest in length counting for
brevity. CIDEr-D (Vedantam et al. 2015): runs of one to four words weighted by how few pictures'
references have them, clipped, with a Gaussian of standard deviation 6 over the difference in
length, times 10. Both as the COCO caption challenge counts them, on words in lower case without
punctuation; it cuts words otherwise, so that figures of real captions differ a little.

CLIPScore (Hessel et al. 2021): 2.5 times the cosine of caption and picture, nought below nought.
Values of different encoders are not comparable.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

LONGEST: Final = 4
"""Words of a run."""
_SIGMA: Final = 6.0
_SCALE: Final = 10.0
_CLIP: Final = 2.5
_TINY, _SMALL = 1e-15, 1e-9
"""Of the challenge's program, so that nothing is divided by nought."""
Run = tuple[str, ...]
References = Sequence[Sequence[str]]
"""For each picture what people say of it."""


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower())


class Overlap(NamedTuple):
    """Of one caption and its references, all that BLEU needs to know."""

    said: int
    """Words."""
    wanted: int
    """Words of the reference nearest in length."""
    right: tuple[int, ...]
    """Runs that a reference has, by length."""
    runs: tuple[int, ...]


def bleu(captions: Sequence[str], references: References) -> tuple[float, ...]:
    """BLEU-1 to BLEU-4 over all pictures; noughts where nothing is said.

    Raises:
        ValueError: a picture has no caption, or no reference.
    """
    _same_pictures(captions, references)
    return bleu_of([overlap(*each) for each in zip(captions, references, strict=True)])


def overlap(caption: str, references: Sequence[str]) -> Overlap:
    said, known = words(caption), [words(text) for text in references]
    lengths = range(1, LONGEST + 1)
    return Overlap(
        len(said),
        _nearest(len(said), map(len, known)),
        tuple(_clipped(said, known, length) for length in lengths),
        tuple(max(0, len(said) - length + 1) for length in lengths),
    )


def bleu_of(overlaps: Sequence[Overlap]) -> tuple[float, ...]:
    ours = sum(each.said for each in overlaps)
    ratio = (ours + _TINY) / (sum(each.wanted for each in overlaps) + _SMALL)
    brevity = math.exp(1 - 1 / ratio) if ratio < 1 else 1.0
    product, scores = 1.0, list[float]()
    for length in range(LONGEST):
        right = sum(each.right[length] for each in overlaps)
        product *= (right + _TINY) / (sum(each.runs[length] for each in overlaps) + _SMALL)
        scores.append(product ** (1 / (length + 1)) * brevity if ours else 0.0)
    return tuple(scores)


def cider_d(captions: Sequence[str], references: References) -> list[float]:
    """For each picture, in 0–10; the figure of a set is their mean.

    How many pictures have a run is counted on the references given, so a set of one has noughts.

    Raises:
        ValueError: a picture has no caption, or no reference.
    """
    _same_pictures(captions, references)
    known = [[_runs(words(text)) for text in texts] for texts in references]
    having = Counter(run for texts in known for run in set[Run]().union(*texts))
    pictures = math.log(max(1, len(references)))

    def weighed(runs: Counter[Run]) -> list[dict[Run, float]]:
        by_length: list[dict[Run, float]] = [{} for _ in range(LONGEST)]
        for run, times in runs.items():
            by_length[len(run) - 1][run] = times * (pictures - math.log(max(1, having[run])))
        return by_length

    scores: list[float] = []
    for caption, texts in zip(captions, known, strict=True):
        ours = _runs(words(caption))
        near = [
            _alike(weighed(ours), weighed(theirs), _length(ours) - _length(theirs))
            for theirs in texts
        ]
        scores.append(_SCALE * sum(near) / len(near))
    return scores


def clip_score(cosine: float) -> float:
    return _CLIP * max(cosine, 0.0)


def _same_pictures(captions: Sequence[str], references: References) -> None:
    if len(captions) != len(references) or not all(references):
        raise ValueError("each picture has one caption and at least one reference")


def _nearest(length: int, lengths: Iterable[int]) -> int:
    """The shorter of two that are as near."""
    return min(lengths, key=lambda each: (abs(each - length), each))


def _clipped(said: Sequence[str], texts: Sequence[Sequence[str]], length: int) -> int:
    """Runs that stand in a reference, each at most as often as in any one of them."""
    most: Counter[Run] = Counter()
    for text in texts:
        most |= _of_length(text, length)
    return (_of_length(said, length) & most).total()


def _of_length(text: Sequence[str], length: int) -> Counter[Run]:
    return Counter(tuple(text[at : at + length]) for at in range(len(text) - length + 1))


def _runs(text: Sequence[str]) -> Counter[Run]:
    found: Counter[Run] = Counter()
    for length in range(1, LONGEST + 1):
        found += _of_length(text, length)
    return found


def _length(runs: Counter[Run]) -> int:
    return sum(times for run, times in runs.items() if len(run) == 1)


def _alike(ours: Sequence[dict[Run, float]], theirs: Sequence[dict[Run, float]], gap: int) -> float:
    """Mean over the lengths of runs of the clipped cosine, less for another length."""
    total = 0.0
    for said, known in zip(ours, theirs, strict=True):
        shared = sum(
            min(weight, known.get(run, 0.0)) * known.get(run, 0.0) for run, weight in said.items()
        )
        norm = _norm(said) * _norm(known)
        total += shared / norm if norm else 0.0
    return total / LONGEST * math.exp(-(gap**2) / (2 * _SIGMA**2))


def _norm(weights: dict[Run, float]) -> float:
    return math.sqrt(sum(weight**2 for weight in weights.values()))
