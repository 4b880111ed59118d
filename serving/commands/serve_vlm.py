"""`pincite models serve-vlm`: vLLM with a model that sees, until Ctrl-C."""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from serving.vlm.plan import Plan
    from serving.vlm.process import Progress, Server

TOLD_S = 15.0
"""How often progress is told where there is no terminal."""

Model = Annotated[
    str, typer.Argument(help="Folder or owner/name of a hub; without it what fits the card.")
]
Environment = Annotated[
    Path | None, typer.Option("--environment", help="Virtual environment that holds vLLM.")
]
Gib = Annotated[float | None, typer.Option("--gpu-gib", min=1, help="Memory of the card in GiB.")]
Cpu = Annotated[bool, typer.Option("--cpu", help="Without a card: for tiny models, to try it.")]
Port = Annotated[int, typer.Option("--port", "-p", min=1, max=65535)]
Context = Annotated[
    int | None, typer.Option("--context", min=256, help="Tokens of prompt and answer together.")
]
Wait = Annotated[float, typer.Option("--wait", min=1, help="Seconds until it has to be ready.")]
More = Annotated[
    list[str] | None, typer.Option("--vllm-option", help="A further word for vllm serve.")
]


def serve_vlm(  # noqa: PLR0913
    model: Model = "",
    *,
    environment: Environment = None,
    gpu_gib: Gib = None,
    cpu: Cpu = False,
    port: Port = 8000,
    context: Context = None,
    wait: Wait = 1800,
    vllm_option: More = None,
) -> None:
    """Start vLLM for this machine only, wait until it answers, print the settings to use it."""
    from serving.vlm.plan import Wishes, planned

    wishes = Wishes(
        model=model,
        environment=environment,
        gib=gpu_gib,
        cpu=cpu,
        port=port,
        context=context,
        more=tuple(vllm_option or ()),
    )
    _serve(planned(wishes), wait)


def _leave(number: int, frame: object) -> NoReturn:
    del number, frame
    sys.exit(0)


def _serve(plan: Plan, seconds: float) -> None:
    from serving.vlm.process import serving

    typer.echo(f"Starting vLLM with {plan.model} ({plan.size.context} tokens of context).")
    if not plan.is_folder:
        typer.echo(f"The weights come from the hub at the first start ({plan.size.licence}).")
    # A service manager stops by SIGTERM: the server has to go then, too.
    signal.signal(signal.SIGTERM, _leave)
    with tempfile.TemporaryDirectory(prefix="pincite-vlm-") as folder:
        log = Path(folder) / "vllm.log"
        with serving(plan, log) as server:
            try:
                server.wait_until_healthy(seconds, _progress())
                _ready(server)
                code = server.wait()
            except KeyboardInterrupt:
                typer.echo("\nStopping vLLM.")
                return
            typer.echo(f"vLLM ended by itself ({code}); its log said:\n{server.tail}", err=True)
            raise typer.Exit(1)


def _ready(server: Server) -> None:
    plan = server.plan
    typer.echo(f"Ready at {plan.url} (process {server.pid}). In another terminal:\n")
    typer.echo("\n".join(f"export {name}={value}" for name, value in plan.settings.items()))
    typer.echo("\npincite doctor says whether it answers. Ctrl-C stops it.")


def _progress() -> Progress:
    told = [time.monotonic()]

    def tell(spent: float, line: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{spent:4.0f} s  {_short(line)}")
            sys.stderr.flush()
        elif time.monotonic() - told[0] > TOLD_S:
            told[0] = time.monotonic()
            typer.echo(f"{spent:4.0f} s  {_short(line)}", err=True)

    return tell


def _short(line: str) -> str:
    from serving.terminal import one_line

    return one_line(line, most=100)
