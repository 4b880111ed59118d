"""All examples, from the sets that are there and not left out, in a fixed order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from evals.datasets import ragtruth
from scripts.train_checker import answers_marked, questions, summaries_edited, synthetic
from scripts.train_checker.examples import SUPPORTED, Example, Text, text_of
from scripts.train_checker.made_up import MAKERS
from scripts.train_checker.speakers import made_up, of_conversation

SEED: Final = 20
SOURCES: Final = ("ragtruth", "summedits", "squad", "synthetic")
CONVERSATIONS: Final = ("qmsumm", "sales_call")


class Wanted(NamedTuple):
    folder: Path
    """Holds `ragtruth/`, `summedits/` and `squad/` as they are handed out."""
    left_out: frozenset[str]
    """Of `SOURCES`."""
    domains_left_out: frozenset[str]
    """Of SummEdits."""
    bases: int
    """True claims that synthetic ones are made of."""
    made_up: int
    """Tables, records and conversations."""


def build(wanted: Wanted) -> list[Example]:
    rng = Random(SEED)  # noqa: S311
    real: list[Example] = []
    if "ragtruth" not in wanted.left_out:
        real += answers_marked.examples(wanted.folder / "ragtruth", training=True)
    if "summedits" not in wanted.left_out:
        real += summaries_edited.examples(wanted.folder / "summedits", wanted.domains_left_out)
    if "squad" not in wanted.left_out:
        real += questions.examples(rng, wanted.folder / "squad" / "dev-v2.0.json", 0.5)
    if "synthetic" in wanted.left_out:
        return real
    return real + _synthetic(rng, wanted, real)


def _synthetic(rng: Random, wanted: Wanted, real: Sequence[Example]) -> list[Example]:
    texts = list(_texts(wanted))
    bases = [
        synthetic.Base(text, sentence, "sentence")
        for text in texts
        for sentence in synthetic.sentences_of(text)
    ]
    by_group = {text.group: text for text in texts}
    bases += [
        synthetic.Base(by_group[each.group], each.claim, "answer")
        for each in real
        if each.label == SUPPORTED and each.group in by_group and len(each.claim.split()) > 5
    ]
    rng.shuffle(bases)
    made = list(synthetic.examples(rng, bases[: wanted.bases]))
    made += _of_made_up(rng, wanted.made_up)
    made += _conversations(rng, wanted, [b.claim for b in bases if b.origin == "sentence"])
    return made


def _texts(wanted: Wanted) -> Iterator[Text]:
    if "ragtruth" not in wanted.left_out:
        seen: set[str] = set()
        for response in ragtruth.read(wanted.folder / "ragtruth"):
            if response.source not in seen and ragtruth.trains(response.split, response.source):
                seen.add(response.source)
                yield text_of(f"ragtruth-{response.source}", response.contexts)
    if "squad" not in wanted.left_out:
        for article in questions.articles(wanted.folder / "squad" / "dev-v2.0.json"):
            for number, paragraph in enumerate(article["paragraphs"]):
                yield text_of(f"squad-{article['title']}-{number}", [paragraph["context"]])


def _of_made_up(rng: Random, number: int) -> Iterator[Example]:
    makers, weights = zip(*MAKERS, strict=True)
    for place, maker in enumerate(rng.choices(makers, weights, k=number)):
        yield from maker(rng, f"made-up-{place}")


def _conversations(rng: Random, wanted: Wanted, sentences: Sequence[str]) -> Iterator[Example]:
    if "summedits" not in wanted.left_out:
        for domain in CONVERSATIONS:
            if domain in wanted.domains_left_out:
                continue
            file = wanted.folder / "summedits" / f"summedits_{domain}.json"
            rows = json.loads(file.read_text(encoding="utf-8"))
            for place, document in enumerate(sorted({row["doc"] for row in rows})):
                group = f"summedits-{domain}-talk-{place}"
                yield from of_conversation(rng, group, document, 12)
    for place in range(wanted.made_up // 8 if sentences else 0):
        spoken = [rng.choice(sentences) for _ in range(rng.randint(3, 7))]
        yield from made_up(rng, f"made-up-talk-{place}", spoken, 2)


def write(file: Path, examples: Sequence[Example]) -> None:
    with file.open("w", encoding="utf-8") as lines:
        lines.writelines(f"{json.dumps(each)}\n" for each in examples)


def written(file: Path) -> list[Example]:
    """What `write` wrote."""
    with file.open(encoding="utf-8") as lines:
        return [_written(*json.loads(line)) for line in lines]


def _written(*parts: Any) -> Example:
    *first, marks, response, rules = parts
    spans = None if marks is None else tuple((start, end) for start, end in marks)
    return Example._make([*first, spans, response, tuple(rules)])


def table_of(examples: Sequence[Example]) -> str:
    """How many of each origin, and how many of them are supported, contradicted, unsupported."""
    counts = Counter((each.origin, each.label) for each in examples)
    origins = sorted({origin for origin, _ in counts})
    rows = [(o, [counts[o, label] for label in range(3)]) for o in origins]
    rows.append(("all", [sum(each.label == label for each in examples) for label in range(3)]))
    return "\n".join(f"{o:36} {sum(n):7} {n[0]:7} {n[1]:7} {n[2]:7}" for o, n in rows)
