"""Every error Pincite raises on purpose, sorted by who can act on it.

PinciteError
├── UserError            the caller can fix the request
│   ├── UnsupportedMedia     no reader for this kind of file
│   ├── UnknownSource        no such source, or not one the caller may see
│   ├── UnknownCollection    no such collection, or not one the caller may see
│   ├── UnknownPicture       no such generated picture, or not one the caller may see
│   ├── UnsafePicture        what is asked for is not drawn
│   └── TooLarge             over a stated limit
├── CorruptSource        this one file can never be read as it is
│   └── PasswordNeeded       encrypted, and no password was given
├── SetupError           the operator can fix the deployment
│   ├── BadSettings          a setting is unknown or out of range
│   ├── MissingExtra         an optional package is not installed
│   ├── MissingModel         weights are not in the model store
│   ├── WrongHash            bytes differ from the manifest
│   ├── UnsafeWeights        a format that can run code when it is loaded
│   ├── Withheld             the rule of a collection keeps text on this machine
│   ├── DataFolderBusy       another process owns the data folder
│   ├── IncompatibleData     written by another version or another encoder
│   └── DiskFull             no space left; nothing already stored is harmed
└── UpstreamError        a retry may help
    ├── ModelUnavailable     a model back end did not answer
    ├── IndexUnavailable     the index did not answer
    └── ParserFailed         a parser child died or ran out of its limits

The message is one sentence for the person who can act, and names the command that mends it.
"""

from __future__ import annotations


class PinciteError(Exception):
    """The root; never raised itself."""


class UserError(PinciteError):
    """The caller can fix the request."""


class UnsupportedMedia(UserError):
    """No reader for this kind of file."""


class UnknownSource(UserError):
    """No such source, or not one the caller may see; the two are never told apart."""


class UnknownCollection(UserError):
    """No such collection, or not one the caller may see."""


class UnknownPicture(UserError):
    """No such generated picture, or not one the caller may see."""


class UnsafePicture(UserError):
    """What is asked for is not drawn."""


class TooLarge(UserError):
    """Over a stated limit (bytes, pixels, pages, characters)."""


class CorruptSource(PinciteError):
    """This one file can never be read as it is."""


class PasswordNeeded(CorruptSource):
    """The file is encrypted and the empty password does not open it."""


class SetupError(PinciteError):
    """The operator can fix the deployment."""


class BadSettings(SetupError):
    """A setting is unknown, misspelt or out of range."""


class MissingExtra(SetupError):
    """An optional package is not installed."""

    def __init__(self, package: str, *, extra: str) -> None:
        super().__init__(f"{package} is not installed; run: pip install 'pincite[{extra}]'")
        self.package = package
        self.extra = extra


class MissingModel(SetupError):
    """Weights are not in the model store."""

    def __init__(self, role: str, model: str) -> None:
        super().__init__(
            f"the {role} model {model!r} is not in the model store; "
            f"run: pincite models pull {model}"
        )
        self.role = role
        self.model = model


class WrongHash(SetupError):
    """Bytes differ from what the manifest pins."""


class UnsafeWeights(SetupError):
    """Weights in a format that can run code when it is loaded."""


class Withheld(SetupError):
    """The rule of a collection keeps text on this machine; nothing was sent."""


class DataFolderBusy(SetupError):
    """Another process owns the data folder."""


class IncompatibleData(SetupError):
    """The data folder was written by another version, or with another encoder."""


class DiskFull(SetupError):
    """No space left on the device; nothing already stored is harmed."""


class UpstreamError(PinciteError):
    """A retry may help."""


class ModelUnavailable(UpstreamError):
    """A model back end did not answer."""


class IndexUnavailable(UpstreamError):
    """The index process or the Qdrant server did not answer."""


class ParserFailed(UpstreamError):
    """A parser child died, timed out or ran out of memory on one unit of work."""
