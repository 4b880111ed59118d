"""Yes-or-no questions about photos that have one class name each (after POPE, Li et al. 2023).

POPE asks of pictures in which every thing is marked. Here one is: whether anything else is there
nobody has said, so that what is asked for in vain are animals only, and only such as a photo of its
class does not show as far as words tell:

- `random`: an animal that shares no kind with the class but the widest (`vertebrate`);
- `popular`: the kind of animal that most photos of the sample show and that is as unlike the class;
  no kind that more than `WIDEST` of all animals belong to is asked for;
- `adversarial`: of photos of animals, another one of the same nearest kind, such as another breed.

None is asked for that the gloss of the class names. To each such question there is one for what is
there. A photo may still show a second animal, or a dog in the corner: a few of the answers `no` are
wrong, and what such a set says of things other than animals is nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from evals.datasets.imagenet_sample import Photo
from evals.sampling import sample
from evals.scorers.captions import words
from pincite.models.label_joint import Label, labels

Way = Literal["random", "popular", "adversarial"]
WAYS: Final[tuple[Way, ...]] = ("random", "popular", "adversarial")
WIDEST: Final = 0.3
"""Share of all animals."""
ANIMAL: Final = "animal"
_WIDE: Final = 0.5
"""Share of all animals, of a kind that two of them may share and be unlike."""


class Probe(NamedTuple):
    photo: Photo
    thing: str
    is_there: bool
    way: Way

    @property
    def question(self) -> str:
        article = "an" if self.thing[:1].lower() in "aeiou" else "a"
        return f"Is there {article} {self.thing} in the picture?"


def probes(photos: Sequence[Photo], seed: int) -> list[Probe]:
    """For each way pairs of a question with the answer yes and one with no, photo by photo.

    Photos whose class the vocabulary of 1000 things does not have are left out.
    """
    known = {label.names[0].lower(): label for label in labels()}
    there = [
        (photo, known[photo.label.lower()]) for photo in photos if photo.label.lower() in known
    ]
    animals = [label for label in known.values() if is_animal(label)]
    wide = Counter(kind for label in animals for kind in label.kinds)
    popular = _popular([label for _, label in there], wide, len(animals))

    general = {kind for kind, many in wide.items() if many > _WIDE * len(animals)}

    def unlike(label: Label) -> list[Label]:
        return [each for each in animals if not set(each.kinds) & set(label.kinds) - general]

    def anything(photo: Photo, label: Label) -> str:
        return _chosen(photo, label, [each.names[0] for each in unlike(label)], seed)

    def frequent(_: Photo, label: Label) -> str:
        near = {kind for each in animals if each not in unlike(label) for kind in each.kinds}
        other = (kind for kind in popular if kind not in near)
        return next((kind for kind in other if not _tells(label, kind)), "")

    def sibling(photo: Photo, label: Label) -> str:
        alike = [a for a in animals if a is not label and a.kinds[:1] == label.kinds[:1]]
        return _chosen(photo, label, [a.names[0] for a in alike], seed)

    makers: dict[Way, Callable[[Photo, Label], str]] = {
        "random": anything,
        "popular": frequent,
        "adversarial": sibling,
    }
    return [
        probe
        for way, make in makers.items()
        for photo, label in there
        for probe in _pair(photo, label, make(photo, label), way)
    ]


def is_animal(label: Label) -> bool:
    return ANIMAL in label.kinds


def _pair(photo: Photo, label: Label, absent: str, way: Way) -> Iterator[Probe]:
    if absent:
        yield Probe(photo, label.names[0], is_there=True, way=way)
        yield Probe(photo, absent, is_there=False, way=way)


def _popular(shown: Sequence[Label], wide: Counter[str], animals: int) -> list[str]:
    """Kinds of animals by how many photos show them, the nearer kind first of equals."""
    many = Counter(kind for label in shown if is_animal(label) for kind in label.kinds)
    fit = [kind for kind in many if wide[kind] <= WIDEST * animals]
    return sorted(fit, key=lambda kind: (-many[kind], wide[kind], kind))


def _chosen(photo: Photo, label: Label, things: Sequence[str], seed: int) -> str:
    """One by hash, so that it is the same in every run; empty where there is none."""
    fit = [thing for thing in things if not _tells(label, thing)]
    return next(iter(sample(fit, 1, id_of=lambda each: photo.image.name + each, seed=seed)), "")


def _tells(label: Label, thing: str) -> bool:
    """Whether the class's names or gloss have the last word of a thing, as `dogsled` tells dogs."""
    last = words(thing)[-1].rstrip("s")
    told = words(" ".join((*label.names, label.gloss)))
    return any(last in word for word in told)
