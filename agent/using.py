"""What a model did for an answer, and which of several it was."""

from __future__ import annotations

from agent.run import Run
from pincite.answers import ModelUse, Voice
from pincite.models.ports import ChatModel, ChatUsage
from pincite.models.voices import voice_of

NOTHING = ModelUse()


def used(
    run: Run,
    chat: ChatModel,
    usage: ChatUsage | None,
    *,
    prompt_version: str,
    before: ModelUse = NOTHING,
) -> ModelUse:
    """`before` and this call together; where another model answered than the first, it is told.

    Without `usage` the call was broken off.
    """
    if usage is None:
        return before.model_copy(
            update={
                "model": chat.name,
                "sha256": chat.sha256,
                "prompt_version": prompt_version,
                "endpoint": chat.endpoint,
            }
        )
    if usage.passed_over:
        _tell(run, usage)
    costs = [cost for cost in (before.cost_usd, usage.cost_usd) if cost is not None]
    return ModelUse(
        model=usage.model or chat.name,
        sha256=chat.sha256,
        prompt_tokens=before.prompt_tokens + usage.prompt_tokens,
        output_tokens=before.output_tokens + usage.output_tokens,
        prompt_version=prompt_version,
        first_token_s=usage.first_token_s if before.first_token_s is None else before.first_token_s,
        endpoint=usage.endpoint or chat.endpoint,
        passed_over=tuple(dict.fromkeys((*before.passed_over, *usage.passed_over))),
        cost_usd=sum(costs) if costs else None,
    )


def voice(chat: ChatModel, use: ModelUse) -> Voice:
    """Of the model that answered, which may be another one than was asked first."""
    return chat.voice if use.model == chat.name else voice_of(use.model, use.endpoint)


def _tell(run: Run, usage: ChatUsage) -> None:
    """Once for an answer."""
    names = " and ".join(usage.passed_over)
    said = f"{names} did not answer, so {usage.model} did"
    if said not in run.steps:
        run.steps.append(said)
        run.tell(f"{said}.")
        run.degraded = True
