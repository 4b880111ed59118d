"""Has a picture drawn; offered only where the asker's own words ask for one."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from agent.drawing import draw_picture
from agent.picture_requests import LONGEST
from agent.tools.bench import AgentTool, Arguments, Bench, Nothing, Told
from pincite.grounding.words import content


class PictureOf(Arguments):
    prompt: str = Field(
        min_length=1, max_length=LONGEST, description="What it shows, in the asker's own words."
    )


async def _draw(bench: Bench, asked: PictureOf) -> Told:
    run = bench.run
    if run.to_draw is None:
        raise Nothing("The asker asked for no picture, so none is drawn.", "drew no picture")
    if run.pictures:
        raise Nothing("The picture is drawn already; there is one for a question.", "drew no more")
    others = set(content(asked.prompt)) - set(content(run.asked))
    if others:
        raise Nothing(
            "A picture is drawn from the asker's own words only, so that nothing of the files "
            f"gets into it; use these: {run.to_draw}",
            "drew no picture of words that the asker did not say",
        )
    failed = await draw_picture(run, asked.prompt, bench.emit)
    if failed is not None:
        run.to_draw = None
        run.tell(failed.said)
        raise Nothing(failed.said, "drew no picture")
    return Told(
        "It is drawn and shown beside the answer; it is no evidence.", "had a picture drawn"
    )


GENERATE_IMAGE: Final = AgentTool(
    "generate_image",
    "Draw the picture that the asker asked for. It is shown beside the answer and is no evidence.",
    PictureOf,
    _draw,
)
