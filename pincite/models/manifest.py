"""What `models.toml` says: which weights there are, their hashes, licences and sources."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from pincite.errors import BadSettings
from pincite.values import Value

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Role = Literal["text encoder", "language", "speech", "sentence splitter"]
Format = Literal["onnx", "safetensors", "gguf", "ctranslate2", "spacy"]
"""Formats that hold numbers only; a format that can run code on loading is not in this list."""
LicenseClass = Literal["permissive", "copyleft", "non-commercial", "unknown"]

_PICKLES = {".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".npz"}
_BIN_FORMATS = {"ctranslate2", "spacy"}


def _stays_inside(name: str) -> str:
    path = PurePosixPath(name)
    if not name or path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
        raise ValueError(f"{name!r} must be a path below the model's own folder")
    return name


RelativeName = Annotated[str, AfterValidator(_stays_inside)]
ModelName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$")]


class WheelMember(Value):
    wheel: str
    path: RelativeName


class HubFile(Value):
    """A file of a model's own release, at a pinned commit."""

    repo: str
    revision: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
    file: RelativeName


class ModelFile(Value):
    name: RelativeName
    size: int = Field(ge=0)
    """Bytes."""
    sha256: Sha256
    wheels: tuple[WheelMember, ...] = ()
    """Concatenated in this order."""
    hub: HubFile | None = None


class Wheel(Value):
    """A package of the package index, pinned."""

    version: str
    size: int = Field(ge=0)
    sha256: Sha256


class Model(Value):
    name: ModelName
    role: Role
    about: str
    format: Format
    main: RelativeName
    """The file whose hash stands for the model."""
    license: str
    license_class: LicenseClass
    disables: str
    """What cannot be done without it."""
    files: tuple[ModelFile, ...] = Field(min_length=1)
    languages: tuple[str, ...] = ()
    """That it was made for, ISO 639-1; empty where it is for many, or for none."""

    @model_validator(mode="after")
    def _safe_formats_only(self) -> Self:
        for file in self.files:
            suffix = PurePosixPath(file.name).suffix.lower()
            if suffix in _PICKLES or (suffix == ".bin" and self.format not in _BIN_FORMATS):
                raise ValueError(f"{self.name}: {file.name} may be a pickle, which can run code")
        if self.main not in {file.name for file in self.files}:
            raise ValueError(f"{self.name}: main file {self.main} is not among its files")
        return self

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def sha256(self) -> str:
        return next(file.sha256 for file in self.files if file.name == self.main)


class Brought(Value):
    """Weights that adapters can use and that are not pinned here: who wants them brings them."""

    name: ModelName
    role: Literal["text encoder", "image space", "reranker", "page layout", "fields"]
    about: str
    hub: str
    """`owner/name` of the model's own release."""
    license: str
    license_class: LicenseClass
    needs: str
    """Settings that use it, as they are typed before a command."""


class Manifest(Value):
    models: dict[str, Model]
    brought: dict[str, Brought] = Field(default_factory=dict[str, Brought])
    wheels: dict[str, Wheel] = Field(default_factory=dict[str, Wheel])

    @model_validator(mode="after")
    def _wheels_are_pinned(self) -> Self:
        for model in self.models.values():
            for file in model.files:
                for member in file.wheels:
                    if member.wheel not in self.wheels:
                        raise ValueError(f"{model.name}: no hash is pinned for {member.wheel}")
        return self

    def model(self, name: str) -> Model:
        """Raises BadSettings for a name that is not in the manifest."""
        try:
            return self.models[name]
        except KeyError:
            if name in self.brought:
                raise _not_pinned(self.brought[name]) from None
            known = ", ".join(self.models)
            raise BadSettings(f"no model is called {name!r}; there are: {known}") from None


def _not_pinned(model: Brought) -> BadSettings:
    licence = f"{model.license}, {model.license_class}"
    return BadSettings(
        f"{model.name} ({licence}) is not pinned by hash, so it is not pulled; if you may use it, "
        f"run: hf download {model.hub}, then set: {model.needs}"
    )


def parse(text: str) -> Manifest:
    """Raises BadSettings: the text is no valid manifest; the message names the entry."""
    try:
        raw = tomllib.loads(text)
        for section in ("models", "brought"):
            for name, entry in raw.get(section, {}).items():
                entry["name"] = name
        return Manifest.model_validate(raw)
    except tomllib.TOMLDecodeError as exc:
        raise BadSettings(f"the model manifest is not valid TOML: {exc}") from exc
    except ValidationError as exc:
        problem = exc.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise BadSettings(f"model manifest, {where}: {problem['msg']}") from exc


def builtin() -> Manifest:
    """The manifest that ships with Pincite."""
    return parse(resources.files("pincite.models").joinpath("models.toml").read_text("utf-8"))
