"""The adapter against open_clip's own `encode_text` and `encode_image`, and a tiny CLIP trained."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pincite.config import OpenClipImages
from pincite.errors import BadSettings, UnsafeWeights
from pincite.models.open_clip_joint import OpenClipEncoder
from pincite.models.optional_package import optional_package
from pincite.models.torch_library import torch_library
from scripts.train_tiny_clip import SHORT, measured, trained
from tests.torch_models import tiny_clip

pytestmark = [pytest.mark.torch, pytest.mark.timeout(1800)]
TOLERANCE = 1e-4
PICTURES = [tiny_clip.picture(50, 70), tiny_clip.picture(1, 1), tiny_clip.picture(400, 30, seed=5)]
SAVERS = {"clip": tiny_clip.save_clip, "siglip": tiny_clip.save_siglip}


@pytest.fixture(params=SAVERS)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    save: Callable[[Path], Path] = SAVERS[request.param]
    return save(tmp_path / request.param)


def _encoder(folder: Path, **settings: Any) -> OpenClipEncoder:
    return OpenClipEncoder(OpenClipImages(checkpoint=str(folder), device="cpu", **settings))


def _library(folder: Path) -> tuple[Any, Any, Any]:
    """Model, transform and tokenizer, the plain way of the library."""
    library = optional_package("open_clip", extra="openclip")
    name = f"local-dir:{folder}"
    model, prepare = library.create_model_from_pretrained(name)
    return model.eval(), prepare, library.get_tokenizer(name)


def _unit(rows: Any) -> Any:
    return (rows / rows.norm(dim=-1, keepdim=True)).numpy()


def test_vectors_of_pictures_are_those_of_the_library(folder: Path) -> None:
    model, prepare, _ = _library(folder)
    batch = torch_library().stack([prepare(Image.fromarray(each)) for each in PICTURES])
    with torch_library().no_grad():
        expected = _unit(model.encode_image(batch))
    found = _encoder(folder, batch=2).embed_pictures(PICTURES)
    assert np.abs(found - expected).max() < TOLERANCE
    assert expected.std(axis=0).max() > 0.01, "the model says the same of every picture"


def test_vectors_of_texts_are_those_of_the_library(folder: Path) -> None:
    model, _, tokenizer = _library(folder)
    with torch_library().no_grad():
        expected = _unit(model.encode_text(tokenizer(list(tiny_clip.TEXTS))))
    found = _encoder(folder, templates=("{}",), batch=2).embed_texts(tiny_clip.TEXTS)
    assert np.abs(found - expected).max() < TOLERANCE
    assert expected.std(axis=0).max() > 0.01, "the model says the same of every text"


def test_templates_are_ensembled_as_directions(folder: Path) -> None:
    model, _, tokenizer = _library(folder)
    templates = ("{}", "a photo of {}.")
    with torch_library().no_grad():
        each = _unit(model.encode_text(tokenizer(["a red circle", "a photo of a red circle."])))
    mean = each.mean(axis=0)
    [found] = _encoder(folder, templates=templates).embed_texts(["a red circle"])
    assert np.abs(found - mean / np.linalg.norm(mean)).max() < TOLERANCE


def test_siglip_has_its_own_scale_and_bias_and_clip_has_no_bias(tmp_path: Path) -> None:
    clip = _encoder(tiny_clip.save_clip(tmp_path / "clip")).calibration
    siglip = _encoder(tiny_clip.save_siglip(tmp_path / "siglip")).calibration
    assert (round(clip.scale, 2), clip.bias) == (37.0, None)
    assert (round(siglip.scale, 2), siglip.bias) == (37.0, -10.0)


def test_siglip_is_asked_in_lower_case_without_marks_padded_to_64(tmp_path: Path) -> None:
    encoder = _encoder(tiny_clip.save_siglip(tmp_path))
    tokens = encoder._ready()._tokenizer(["Two dogs, on the beach!", "two dogs on the beach"])
    assert tokens.shape == (2, 64)
    assert tokens[0].tolist() == tokens[1].tolist()
    assert tokens[0, -1] == 0


def test_an_architecture_by_name_needs_weights_only(tmp_path: Path) -> None:
    library = optional_package("open_clip", extra="openclip")
    facts = tiny_clip.facts_of(tiny_clip.save_clip(tmp_path))
    (tmp_path / "tiny-built-in.json").write_text(json.dumps(facts["model_cfg"]), "utf-8")
    library.add_model_config(tmp_path / "tiny-built-in.json")
    (tmp_path / "open_clip_config.json").unlink()
    with pytest.raises(BadSettings, match="PINCITE_IMAGES__ARCHITECTURE"):
        _encoder(tmp_path).embed_texts(["a"])
    encoder = _encoder(tmp_path, architecture="tiny-built-in")
    assert encoder.embed_texts(["a"]).shape == (1, encoder.dimensions)
    with pytest.raises(BadSettings, match="knows no architecture 'nothing'"):
        _encoder(tmp_path, architecture="nothing").embed_texts(["a"])


def test_other_weights_are_other_vectors_and_pickles_are_refused(tmp_path: Path) -> None:
    first = tiny_clip.save_clip(tmp_path / "a")
    plain, asked = _encoder(first).id, _encoder(first, templates=("{}",)).id
    assert plain != asked
    weights = first / "open_clip_model.safetensors"
    weights.rename(first / "open_clip_pytorch_model.bin")
    with pytest.raises(UnsafeWeights, match="only safetensors"):
        _encoder(first).embed_texts(["a"])


def test_weights_of_a_licence_without_trade_wait_for_a_yes(tmp_path: Path) -> None:
    folder = tiny_clip.save_clip(tmp_path)
    (folder / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n", encoding="utf-8")
    with pytest.raises(BadSettings, match="PINCITE_IMAGES__ACCEPT_NON_COMMERCIAL=true"):
        _encoder(folder).embed_texts(["a"])
    assert len(_encoder(folder, accept_non_commercial=True).embed_texts(["a"])) == 1


def test_a_trained_clip_finds_combinations_that_it_was_never_shown(tmp_path: Path) -> None:
    seen = measured(trained("clip", SHORT, tmp_path))
    assert seen.recall_at_1 >= 0.8
    assert seen.chance < 0.02
