"""Captions against references, pictures and what is there; questions about photos."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from evals.asked_photos import WIDEST, probes
from evals.caption_figures import Judged, probe_figures, text_figures, thing_figures
from evals.datasets.imagenet_sample import Photo
from evals.picture_captions import Seeing, calibrated, png_of, says_yes
from evals.results import PRODUCT, Result
from evals.scorers.captions import bleu, cider_d, clip_score, words
from evals.scorers.hallucinated import Things, chair
from evals.suites import Context, captions
from pincite.config import NoImages, Settings
from pincite.models.fakes import ScriptedChatModel
from pincite.models.ports import Vision

CAT = "The cat is on the mat."


# --- BLEU ----------------------------------------------------------------------------------------


def test_bleu_of_the_same_words_is_one() -> None:
    assert bleu([CAT], [[CAT]]) == pytest.approx((1, 1, 1, 1))


def test_repeated_words_count_as_often_as_a_reference_has_them() -> None:
    # Papineni et al. 2002, example 2: modified unigram precision 2/7.
    said = "the the the the the the the"
    one = bleu([said], [[CAT, "There is a cat on the mat."]])[0]
    assert one == pytest.approx(2 / 7)


def test_bleu_multiplies_precisions_and_brevity() -> None:
    said, reference = "the cat sat on the mat", "the cat is on the mat"
    # Of 6 words 5, of 5 pairs 3, of 4 triples 1, of 3 fours none.
    first, second, third, fourth = bleu([said], [[reference]])
    assert first == pytest.approx(5 / 6)
    assert second == pytest.approx(math.sqrt(5 / 6 * 3 / 5))
    assert third == pytest.approx((5 / 6 * 3 / 5 * 1 / 4) ** (1 / 3))
    assert fourth < 0.001
    short = bleu(["the cat"], [[reference]])[0]
    assert short == pytest.approx(math.exp(1 - 6 / 2))


def test_the_reference_nearest_in_length_counts() -> None:
    assert bleu(["a b"], [["a b c d e f", "a b c"]])[0] == pytest.approx(math.exp(1 - 3 / 2))


def test_bleu_is_of_all_pictures_at_once() -> None:
    assert bleu(["a b c", "x"], [["a b c"], ["y"]])[0] == pytest.approx(3 / 4)
    assert bleu([""], [["a"]]) == (0, 0, 0, 0)


def test_a_picture_needs_a_reference() -> None:
    with pytest.raises(ValueError, match="reference"):
        bleu(["a"], [[]])


# --- CIDEr ---------------------------------------------------------------------------------------


def test_cider_of_the_same_words_is_ten_where_all_runs_tell() -> None:
    references = [["a red bus on the street"], ["two dogs play with one ball"]]
    assert cider_d([text for [text] in references], references) == pytest.approx([10, 10])
    # A run of fewer than four words leaves the longer lengths empty.
    assert cider_d(["red bus", "dog"], [["red bus"], ["dog"]]) == pytest.approx([5, 2.5])


def test_words_that_all_pictures_share_tell_nothing() -> None:
    scores = cider_d(["a photo", "a photo"], [["a photo of x"], ["a photo of y"]])
    assert scores == [0, 0]


def test_cider_clips_and_takes_off_for_length() -> None:
    # Only `bus` tells: weight log 2 each time. Clipped: 1 of 3 counts, over norms 3 and 1; of the
    # pairs `bus bus` is in no reference. Two words too many: exp(-4 / 72).
    references = [["bus"], ["dog"]]
    first, _ = cider_d(["bus bus bus", "dog"], references)
    assert first == pytest.approx(10 / 4 * (1 / 3) * math.exp(-4 / 72))


def test_cider_is_the_mean_over_references() -> None:
    references = [["red bus on street", "x y z w"], ["dog"]]
    first, _ = cider_d(["red bus on street", "dog"], references)
    assert first == pytest.approx(5)


def test_clip_score_is_never_negative() -> None:
    assert (clip_score(0.3), clip_score(-0.2)) == (pytest.approx(0.75), 0)
    assert words("A dog's 2 Balls!") == ["a", "dog's", "2", "balls"]


# --- things named --------------------------------------------------------------------------------


def test_chair_counts_things_and_captions() -> None:
    found = chair([["dog", "ball", "dog"], ["cat"], []], [{"dog"}, {"cat"}, {"bus"}])
    assert found == (1 / 4, 1 / 3, 4)
    assert chair([], []) == (0, 0, 0)


def test_things_are_found_in_singular_and_plural_the_longest_name_first() -> None:
    things = Things(["dog", "hot dog", "box", "butterfly"])
    assert things.named("Two hot dogs, boxes, butterflies and a Dog.") == [
        *("hot dog", "box", "butterfly", "dog"),
    ]


# --- questions about photos ----------------------------------------------------------------------


def photo(label: str) -> Photo:
    return Photo(image=Path(f"{label}.jpg"), label=label)


def test_what_is_asked_for_in_vain_is_unlike_the_photo() -> None:
    photos = [photo(name) for name in ("beagle", "whippet", "goldfish", "dogsled", "coffee mug")]
    asked = probes([*photos, photo("nothing known")], seed=0)
    absent = {(p.way, p.photo.label): p.thing for p in asked if not p.is_there}
    # The nearest kind that most animals of the sample are of.
    assert absent["popular", "coffee mug"] == "hound"
    # Its gloss tells that dogs pull it.
    assert "dog" not in absent["popular", "dogsled"].split()
    assert absent["popular", "beagle"] not in {"dog", "hound", "hunting dog"}
    assert ("adversarial", "coffee mug") not in absent
    assert absent["adversarial", "beagle"] != "beagle"
    assert sum(p.is_there for p in asked) == len(absent)
    assert probes(photos, seed=0) == probes(photos, seed=0)
    assert WIDEST < 0.5


def test_questions_are_plain_english() -> None:
    first, *_ = probes([photo("anemone fish")], seed=0)
    assert first.question == "Is there an anemone fish in the picture?"


def test_a_model_that_sees_is_shown_the_photo() -> None:
    chat = ScriptedChatModel(["Yes, there is.", "I see none."], vision=Vision())
    picture = np.zeros((4, 4, 3), np.uint8)
    assert says_yes(chat, picture, "Is there a dog in the picture?")
    assert not says_yes(chat, picture, "Is there a dog in the picture?")
    assert chat.heard[0][0].pictures == (png_of(picture),)
    assert calibrated(0.32, 25, -8) == pytest.approx(0.5)


# --- figures -------------------------------------------------------------------------------------


def test_always_yes_is_right_in_one_half() -> None:
    asked = probes([photo("beagle"), photo("coffee mug")], seed=0)
    found = {
        (each.metric, each.slice): each.value
        for each in probe_figures([Judged(probe, says_yes=True) for probe in asked], {}, 0)
    }
    assert (found["accuracy", "all"], found["yes_share", "all"]) == (0.5, 1)
    assert found["f1", "random"] == pytest.approx(2 / 3)


def test_figures_of_captions_have_intervals() -> None:
    captions, references = [CAT, "a dog"], [[CAT], ["a bird"]]
    texts = {each.metric: each for each in text_figures("opencqa", captions, references, {}, 0)}
    assert set(texts) == {"bleu_1", "bleu_2", "bleu_3", "bleu_4", "cider"}
    assert texts["bleu_1"].ci95 is not None
    things = {
        each.metric: each.value
        for each in thing_figures("p", [["dog"], ["cat"]], [{"dog"}, {"dog"}], {}, 0)
    }
    assert things == {"chair_i": 0.5, "chair_s": 0.5}


# --- the suite -----------------------------------------------------------------------------------


class Sees:
    """Implements `PictureDescriber`."""

    id = "sees"

    def describe(self, pictures: Sequence[bytes]) -> list[str]:
        return ["A beagle beside a banana." for _ in pictures]


def test_what_a_model_that_sees_says_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "imagenet_sample"
    (folder / "images").mkdir(parents=True)
    Image.new("RGB", (64, 48), "yellow").save(folder / "images/a.jpg")
    told = {"image": "a.jpg", "label": "banana", "wnid": "n0"}
    (folder / "labels.jsonl").write_text(json.dumps(told), "utf-8")
    eyes = Seeing(Sees(), ScriptedChatModel(["Yes."], vision=Vision()))

    def seeing(_: Context) -> Seeing:
        return eyes

    monkeypatch.setattr(captions, "seeing", seeing)
    context = Context(settings=Settings(images=NoImages()), data=tmp_path, scratch=tmp_path)
    found = [item for item in captions.run(context) if isinstance(item, Result)]
    by = {(each.key, each.system, each.slice): each for each in found}
    assert by["captions.imagenet_sample.chair_i", PRODUCT, "all"].value == 0.5
    assert by["captions.imagenet_sample.chair_i", "the label itself", "all"].value == 0
    assert by["captions.pope.yes_share", "scripted", "all"].value == 1
    assert by["captions.pope.accuracy", PRODUCT, "all"].status == "not_applicable"
    assert by["captions.opencqa.cider", PRODUCT, "all"].status == "not_applicable"
