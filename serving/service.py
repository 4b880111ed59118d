"""What a surface (CLI, HTTP) asks of Pincite, whether it runs in this process or in a service.

`LocalService` (serving/local.py) does the work; `RemoteService` (serving/remote.py) speaks HTTP to
the process that owns the data folder. The CLI never knows which one it holds.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Literal, Protocol

from ingestion.audit import Accounted
from ingestion.duplicates import Alike
from ingestion.re_embedding import Filling
from ingestion.report import Accepted, IngestProgress, SourceStatus, UnitStatus
from pincite.answers import Answer, AnswerId, Voice
from pincite.asking import AS_EVER, Wishes
from pincite.drawing.studio import Studio
from pincite.elements import Element, ElementId, Scope, SourceId
from pincite.events import AskEvent
from pincite.evidence import Coverage, Findings
from pincite.extractions import Asked, Extracted, Extracting
from pincite.feedback import Feedback, Objection
from pincite.texts.placing import Placed
from pincite.values import Value

__all__ = [
    "Accepted",
    "Accounted",
    "Alike",
    "CollectionRule",
    "Health",
    "IngestProgress",
    "Placed",
    "Query",
    "Service",
    "SourceStatus",
    "UnitStatus",
    "Upload",
]


class Upload(Value):
    """A file that arrived over HTTP and lies in the data folder until it was looked at."""

    path: Path
    name: str
    """As the sender called it, without folders; untrusted."""
    origin: str
    """Where the sender says it came from; shown, never opened."""
    is_ours: bool = True
    """Whether it may be removed once the library has it."""
    field: str = ""
    """Of the form that it came in."""


class Query(Value):
    """What is searched with: words, a recording of them, a picture, or several of these."""

    question: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    """Fields and values, see `retrievers.filters`; several of one field mean any of them."""
    audio: Upload | None = None
    image: Upload | None = None


class CollectionRule(Value):
    """What of one collection may leave this machine."""

    collection: str
    sources: int
    """That the asker may see."""
    hosts: tuple[str, ...]
    """Machines that it may be sent to; empty where it stays on this one."""
    own: bool
    """Whether it has a rule of its own; else the installation's default holds."""
    chat_may_read: bool
    """Whether the configured language model may answer from it; else what is on this machine does,
    or quotes are the answer."""


class Health(Value):
    """What this installation can do right now, for a person."""

    version: str
    mode: Literal["answers", "quotes_only"]
    model: str = ""
    """Name of the chat model; empty in quotes-only mode."""
    voice: Voice
    endpoint: str = "local"
    """`local`, or the host that evidence is sent to."""
    embedded_at: str = "local"
    """`local`, or the host that every passage and question is sent to, for its vector."""
    warm: bool = True
    """False while models are still being loaded; the first answer then takes longer."""
    filling: Filling | None = None
    """While everything is embedded anew, for another encoder: how far that is."""
    notice: str | None = None
    """One sentence where something is not as configured, with the command that mends it."""


class Service(Protocol):
    """Everything a surface may ask for.

    Every method takes the asker's scope and answers as if nothing outside it existed.
    Errors are those of `pincite.errors`; a remote service raises the same classes.
    """

    @property
    def studio(self) -> Studio:
        """Pictures on request, which no other method knows."""
        ...

    def ingest(
        self, paths: Sequence[Path], *, collection: str, readers: frozenset[str]
    ) -> AsyncGenerator[IngestProgress, None]:
        """Add files and folders (walked), then read them; ends when all are read.

        Closing the generator interrupts; what was done stays done and is resumed next time.
        """
        ...

    async def resume(self) -> int:
        """Begin to read what is still pending, in the background; how many units that is."""
        ...

    async def add(
        self, uploads: Sequence[Upload], *, collection: str, readers: frozenset[str]
    ) -> list[Accepted]:
        """Take files over into the library and begin to read them; what is ours is removed.

        One outcome per upload, in order. Reading goes on in the background.
        """
        ...

    def watch(self, scope: Scope) -> AsyncGenerator[IngestProgress, None]:
        """Progress of reading, from now on, of what the scope admits; ends when nothing is left.

        The first progress comes at once.
        """
        ...

    async def sources(self, scope: Scope) -> list[SourceStatus]: ...

    async def source(self, source: SourceId, scope: Scope) -> SourceStatus:
        """With its units. Raises UnknownSource."""
        ...

    async def delete(self, source: SourceId, scope: Scope, *, now: bool) -> None:
        """Remove every trace; with `now` return only when no byte is left in any file."""
        ...

    async def stop(self, source: SourceId, scope: Scope) -> None:
        """Read no more of it until `retry`; what was read stays. Raises UnknownSource."""
        ...

    async def retry(self, source: SourceId, scope: Scope) -> int:
        """Begin to read what was not read, poison too; how many units that is.

        Raises:
            UnknownSource.
        """
        ...

    async def account(self, scope: Scope) -> Accounted:
        """Compare every file with what was kept of it; opens each file once."""
        ...

    async def duplicates(self, scope: Scope) -> list[Alike]:
        """Sources that say almost the same, the most alike first."""
        ...

    async def placed(self, prefix: str, collection: str) -> list[Placed]:
        """Places that begin with `prefix`, whatever their readers: for the owner of the library."""
        ...

    async def place(self, source: SourceId, *, origin: str, stamp: str) -> None:
        """A source lies there now, and its file looks like `stamp`: for the owner."""
        ...

    async def displace(self, source: SourceId, origin: str) -> bool:
        """It lies there no more; True where that was its last place, so that it was deleted."""
        ...

    async def search(self, query: Query, scope: Scope, *, keep: int) -> Findings:
        """Passages, best first, and how the question was understood. Its files stay where they are.

        Raises:
            UserError: nothing to search with, too much of it, or an unknown filter.
        """
        ...

    async def coverage(self, scope: Scope) -> Coverage: ...

    def ask(
        self,
        question: str,
        scope: Scope,
        *,
        conversation: str | None = None,
        wishes: Wishes = AS_EVER,
    ) -> AsyncGenerator[AskEvent, None]:
        """Events in the order of `pincite.events`; the last one is `answer` or `failed`."""
        ...

    def extract(
        self, asked: Asked, scope: Scope, *, filters: Sequence[tuple[str, str]] = ()
    ) -> AsyncGenerator[Extracting | Extracted, None]:
        """An event for every file of the scope, then the table; what is done is kept.

        Closing the generator interrupts; asked again, it goes on from there.

        Raises:
            UserError: an unknown filter.
        """
        ...

    async def answer(self, answer: AnswerId, scope: Scope) -> Answer:
        """An earlier answer with its evidence as it was; UnknownSource where it is gone."""
        ...

    async def dossier(self, answer: AnswerId, scope: Scope) -> bytes:
        """An earlier answer with all it rests on, as a ZIP; see `serving.dossier`.

        Raises:
            UnknownSource: there is no such answer, or its sources are gone or not the asker's.
        """
        ...

    async def object_to(self, answer: AnswerId, objection: Objection, scope: Scope) -> Feedback:
        """Keep that a verdict is wrong; a later word of the same reader replaces it.

        Raises:
            UnknownSource: there is no such answer, or it is not the asker's.
            UserError: it has no such claim.
        """
        ...

    async def feedback(self, scope: Scope) -> list[Feedback]:
        """On answers that the scope may read, the earliest first."""
        ...

    async def element(self, element: ElementId, scope: Scope) -> Element: ...

    async def elements(self, source: SourceId, unit: int, scope: Scope) -> list[Element]:
        """Everything read from one unit, in reading order."""
        ...

    async def picture(self, source: SourceId, page: int, scope: Scope, *, dpi: int) -> bytes:
        """PNG of a page or picture (page 1), as a reader sees it."""
        ...

    async def frame(self, source: SourceId, at_s: float, scope: Scope) -> bytes:
        """PNG of the picture that a player shows at one second of a video."""
        ...

    async def original(self, source: SourceId, scope: Scope) -> tuple[Path, str]:
        """The stored file and its media type, e.g. to play a recording."""
        ...

    async def rules(self, scope: Scope) -> list[CollectionRule]:
        """Of the collections that the scope admits, and for the owner those with a rule."""
        ...

    async def allow(self, collection: str, hosts: Sequence[str] | None) -> None:
        """Make the rule of a collection; None takes it back. For the owner of the library.

        Raises:
            UserError: one of them is no host.
        """
        ...

    async def health(self) -> Health: ...
