"""Several endpoints in order, retries and rate limits, by LiteLLM's router."""

from __future__ import annotations

import itertools
import logging
import weakref
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import uuid4

from pydantic import SecretStr

from pincite import config
from pincite.egress import Allowed, is_here
from pincite.models.litellm_hosts import OLLAMA, endpoint_of
from pincite.models.outgoing import Attempts
from pincite.models.ports import ChatUsage

_TAG: Final = "pincite"
"""Key in a request's metadata, which LiteLLM keeps to itself."""
_UNDER_WAY: weakref.WeakValueDictionary[str, Attempts] = weakref.WeakValueDictionary()
_NUMBERS = itertools.count(1)
_COOL_S: Final = 10.0
"""Seconds for which an endpoint that failed is passed over where another one is there."""


class Route(NamedTuple):
    """One endpoint that may answer."""

    model: str
    api_base: str | None
    api_key: SecretStr | None

    @property
    def endpoint(self) -> str:
        return endpoint_of(self.model, self.api_base)

    @property
    def parameters(self) -> dict[str, Any]:
        """As LiteLLM wants them."""
        told: dict[str, Any] = {"model": self.model}
        if self.api_base:
            # Servers without keys still want the header to be there.
            told |= {"api_base": self.api_base, "api_key": "none"}
        elif self.endpoint == "localhost":
            # An address in the environment would lead elsewhere than `endpoint` says.
            told["api_base"] = OLLAMA
        if self.api_key:
            told["api_key"] = self.api_key.get_secret_value()
        return told


class Routes:
    """A model and its fallbacks, in order, or those of them that may be asked."""

    def __init__(self, settings: config.LiteLLMChat) -> None:
        self._settings = settings
        first = Route(settings.model, settings.api_base, settings.api_key)
        others = (Route(each.model, each.api_base, each.api_key) for each in settings.fallbacks)
        self._all = (first, *others)
        self._router = _Router(settings, self._all)
        self.places = tuple(range(len(self._all)))

    def only(self, places: tuple[int, ...]) -> Routes:
        """Some of them, with the rate limits that all share."""
        made = Routes(self._settings)
        made._router, made.places = self._router, places
        return made

    @property
    def first(self) -> Route:
        return self._all[self.places[0]]

    def permitted(self, allowed: Allowed) -> tuple[int, ...]:
        return tuple(n for n in self.places if allowed.permits(self._all[n].endpoint))

    async def send(self, library: Any, request: Mapping[str, Any], attempts: Attempts) -> Any:
        """Chunks of the answer of the first that answers; each attempt begins in `attempts`.

        After the first chunk nobody else is asked.
        """
        if self._is_plain:
            attempts.begin(self.first.endpoint, self.first.model)
            return await library.acompletion(**request, **self.first.parameters)
        return await self._router.send(library, request, self.places, attempts)

    def told(self, library: Any, usage: ChatUsage, attempts: Attempts) -> ChatUsage:
        """With who answered, and what that cost."""
        model, endpoint = attempts.made[-1]
        cost = None if is_here(endpoint) else _cost(library, model, usage)
        attempts.got(sent_tokens=usage.prompt_tokens, got_tokens=usage.output_tokens, cost_usd=cost)
        before = [route.model for route in (self._all[n] for n in self.places)]
        passed = before[: before.index(model)] if model in before else before
        told = {"model": model, "endpoint": endpoint, "cost_usd": cost}
        return usage.model_copy(update={**told, "passed_over": tuple(passed)})

    @property
    def _is_plain(self) -> bool:
        settings = self._settings
        return not (settings.fallbacks or settings.retries or settings.rpm or settings.tpm)


def _cost(library: Any, model: str, usage: ChatUsage) -> float | None:
    """By the price list in the package; no price for what it does not know."""
    try:
        read, written = library.cost_per_token(
            model=model,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.output_tokens,
        )
    except (library.exceptions.ModelNotMappedError, *library.failures):
        return None
    return float(read + written) or None


class _Router:
    """Asks the first of some routes that answers. Built at the first call."""

    def __init__(self, settings: config.LiteLLMChat, routes: tuple[Route, ...]) -> None:
        self._settings = settings
        self._routes = routes
        self._made: Any = None

    async def send(
        self,
        library: Any,
        request: Mapping[str, Any],
        places: tuple[int, ...],
        attempts: Attempts,
    ) -> Any:
        number = str(next(_NUMBERS))
        _UNDER_WAY[number] = attempts
        if self._made is None:
            self._made = self._router(library)
        first, *others = map(str, places)
        asked = {
            **request,
            "model": first,
            "fallbacks": [{first: others}] if others else [],
            "num_retries": self._settings.retries,
            # The client below would ask again on its own, unseen.
            "max_retries": 0,
            "metadata": {_TAG: number},
        }
        return await self._made.acompletion(**asked)

    def _router(self, library: Any) -> Any:
        _listen(library)
        settings = self._settings
        told = {"rpm": settings.rpm, "tpm": settings.tpm}
        # Limits are counted by this id, across all routers of the process.
        name_of = uuid4().hex
        limits = {name: limit for name, limit in told.items() if limit is not None}
        return library.Router(
            model_list=[
                {
                    "model_name": str(place),
                    "litellm_params": {**route.parameters, **limits},
                    "model_info": {"id": f"{name_of}-{place}"},
                }
                for place, route in enumerate(self._routes)
            ],
            num_retries=settings.retries,
            timeout=settings.timeout_s,
            cooldown_time=_COOL_S,
            max_fallbacks=len(self._routes),
            optional_pre_call_checks=["enforce_model_rate_limits"],
        )


def _listen(library: Any) -> None:
    """Have each attempt of a router told; its own log, which may quote texts, is not kept."""
    for name in ("LiteLLM", "LiteLLM Router"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    from litellm.integrations.custom_logger import CustomLogger

    class Told(CustomLogger):
        async def async_pre_call_deployment_hook(
            self, kwargs: dict[str, Any], call_type: Any
        ) -> dict[str, Any] | None:
            """Runs before each request; what it raises stops that one."""
            del call_type
            metadata: Mapping[str, Any] = kwargs.get("metadata") or {}
            attempts = _UNDER_WAY.get(str(metadata.get(_TAG)))
            if attempts is not None:
                model = str(kwargs["model"])
                attempts.begin(endpoint_of(model, kwargs.get("api_base")), model)
            return None

    if not any(type(each).__name__ == Told.__name__ for each in library.callbacks):
        library.callbacks.append(Told())
