"""Works out a sum of figures that stand in the evidence."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from agent.arithmetic import LONGEST, NotComputed, compute
from agent.tools.bench import AgentTool, Arguments, Bench, Nothing, Told, clause
from pincite.grounding.checking import UNSURE_READING


class Expression(Arguments):
    expression: str = Field(
        min_length=1,
        max_length=LONGEST,
        description="Figures as they stand in evidence, + - * /, brackets, and sum, mean, min, "
        "max, abs, round: (6500 - 5000) / 5000 * 100",
    )


async def _calculate(bench: Bench, asked: Expression) -> Told:
    gathered, told = bench.gathered, clause(asked.expression)
    try:
        made = compute(asked.expression, gathered.pieces, gathered.computed)
    except NotComputed as exc:
        raise Nothing(str(exc), f"could not work out {told}") from exc
    for operand in made.operands:
        read = operand.piece.element.confidence
        if read is not None and read < UNSURE_READING:
            raise Nothing(
                f"[{operand.piece.number}] was read with {read:.0%} confidence only, so nothing is "
                "computed with its figures.",
                f"did not work out {told}, whose figures may be misread",
            )
    gathered.computed.append(made)
    cites = "".join(f"[{n}]" for n in sorted({each.piece.number for each in made.operands}))
    return Told(
        f"{made.written} = {made.result} {cites}", f"worked out {told}, which is {made.result}"
    )


CALCULATE: Final = AgentTool(
    "calculate",
    "Work out a sum exactly. Its figures must stand in evidence that you were shown. The result is "
    "put into the answer, with its places.",
    Expression,
    _calculate,
)
