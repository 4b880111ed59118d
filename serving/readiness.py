"""What a person should know about a process that answers."""

from __future__ import annotations

from collections.abc import Callable

from ingestion.re_embedding import Filling
from pincite.answers import Voice
from pincite.errors import PinciteError
from pincite.models.ports import ChatModel
from serving.made_with import product_version
from serving.service import Health


class Readiness:
    """What a person should know about this process; changes while it warms up."""

    def __init__(
        self,
        chat: ChatModel | None,
        notice: str | None,
        embedded_at: str,
        filling: Callable[[], Filling | None],
    ) -> None:
        self._chat = chat
        self._notice = notice
        self._embedded_at = embedded_at
        self._filling = filling
        self._warm = False

    def warmed(self, failure: PinciteError | None = None) -> None:
        self._warm = True
        self._notice = str(failure) if failure else self._notice

    def health(self) -> Health:
        chat, filling = self._chat, self._filling()
        told = [self._notice, filling.sentence if filling else None]
        return Health(
            version=product_version(),
            mode="answers" if chat else "quotes_only",
            model=chat.name if chat else "",
            voice=chat.voice if chat else Voice.QUOTES,
            endpoint=chat.endpoint if chat else "local",
            embedded_at=self._embedded_at,
            warm=self._warm,
            notice="; ".join(filter(None, told)) or None,
            filling=filling,
        )
