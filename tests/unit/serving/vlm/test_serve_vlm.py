"""The plan of a server, and its process, with a stand-in for the program `vllm`."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pincite.config import LiteLLMChat, LiteLLMPictureJudge, Settings
from pincite.errors import BadSettings, ModelUnavailable, SetupError
from serving.commands.models import app
from serving.vlm.plan import NAME, Plan, Wishes, planned
from serving.vlm.process import serving
from serving.vlm.sizes import SIZES, size_for


def untold(seconds: float, line: str) -> None:
    del seconds, line


STAND_IN = """#!{python}
import json, os, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
print(json.dumps([sys.argv[1:], os.environ.get("HF_HUB_OFFLINE")]), flush=True)
if "--die" in sys.argv:
    sys.exit("no memory is left on the card")
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *args): pass
if "--sleep" in sys.argv:
    time.sleep(60)
port = int(sys.argv[sys.argv.index("--port") + 1])
HTTPServer(("127.0.0.1", port), Handler).handle_request()
if "--once" in sys.argv:
    sys.exit(3)
time.sleep(60)
"""


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    program = tmp_path / "vllm-env" / "bin" / "vllm"
    program.parent.mkdir(parents=True)
    program.write_text(STAND_IN.format(python=sys.executable))
    program.chmod(0o755)
    return tmp_path / "vllm-env"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    return folder


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def plan(environment: Path, model: Path, port: int) -> Plan:
    return planned(Wishes(model=str(model), environment=environment, cpu=True, port=port))


# --- the plan ------------------------------------------------------------------------------------


def test_sizes_ascend_in_memory_and_nothing_is_shown_that_does_not_fit() -> None:
    assert [size.gib for size in SIZES] == sorted(size.gib for size in SIZES)
    for size in SIZES:
        assert size.tokens * size.pictures <= size.context / 2


@pytest.mark.parametrize(
    ("gib", "model"),
    [(3, None), (7.7, "SmolVLM2-2.2B"), (15.9, "Qwen3-VL-4B"), (23.6, "onevision"), (141, "32B")],
)
def test_the_card_decides_the_model(gib: float, model: str | None) -> None:
    size = size_for(gib)
    assert (size is None) if model is None else (size is not None and model in size.model)


def test_the_command_serves_this_machine_only(environment: Path) -> None:
    plan = planned(Wishes(environment=environment, gib=24, more=("--dtype=half",)))
    words = plan.command
    assert words[1:3] == ["serve", "llava-hf/llava-onevision-qwen2-7b-ov-hf"]
    assert words[words.index("--host") + 1] == "127.0.0.1"
    assert json.loads(words[words.index("--limit-mm-per-prompt") + 1]) == {"image": 2}
    assert words[-1] == "--dtype=half"


def test_the_printed_settings_are_ones_that_pincite_reads(plan: Plan, tmp_path: Path) -> None:
    settings = Settings.load({**plan.settings, "PINCITE_DATA_DIR": str(tmp_path)})
    chat, judge = settings.chat, settings.picture_judge
    assert isinstance(chat, LiteLLMChat)
    assert isinstance(judge, LiteLLMPictureJudge)
    assert (chat.model, chat.vision, chat.api_base) == (f"openai/{NAME}", True, f"{plan.url}/v1")
    assert (judge.model, judge.api_base) == (chat.model, chat.api_base)


def test_a_missing_vllm_is_one_sentence_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="pip install vllm"):
        planned(Wishes(gib=24))
    with pytest.raises(SetupError, match="holds no vLLM"):
        planned(Wishes(gib=24, environment=tmp_path))


def test_a_missing_card_is_one_sentence(
    environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="--gpu-gib, or for a tiny model use --cpu"):
        planned(Wishes(environment=environment))


def test_the_card_is_asked_for_its_memory(
    environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "bin" / "nvidia-smi"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho 8192\necho 16376\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}/bin{os.pathsep}/usr/bin")
    assert planned(Wishes(environment=environment)).model == "Qwen/Qwen3-VL-4B-Instruct"


def test_a_model_that_does_not_fit_the_card_is_not_started(environment: Path) -> None:
    with pytest.raises(SetupError, match="wants a card of 90 GiB"):
        planned(Wishes(model="Qwen/Qwen3-VL-32B-Instruct", environment=environment, gib=24))
    with pytest.raises(SetupError, match="smallest"):
        planned(Wishes(environment=environment, gib=2))


@pytest.mark.parametrize("model", ["/no/such/folder", "just-a-name", "a/b/c"])
def test_what_is_no_model_is_named(environment: Path, model: str) -> None:
    with pytest.raises(BadSettings, match="neither a folder nor owner/name"):
        planned(Wishes(model=model, environment=environment, gib=24))


def test_a_folder_without_a_model_is_named(environment: Path, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match=r"config\.json"):
        planned(Wishes(model=str(tmp_path), environment=environment, gib=24))


def test_a_processor_needs_a_model_of_ones_own(environment: Path) -> None:
    with pytest.raises(BadSettings, match="serve-vlm FOLDER --cpu"):
        planned(Wishes(environment=environment, cpu=True))


# --- the process ---------------------------------------------------------------------------------


def test_it_is_waited_for_and_stopped(plan: Plan, tmp_path: Path) -> None:
    told: list[float] = []
    with serving(plan, tmp_path / "log") as server:
        server.wait_until_healthy(20, lambda spent, _: told.append(spent))
        assert server.is_running
        pid = server.pid
    assert not server.is_running
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    words, offline = json.loads((tmp_path / "log").read_text().splitlines()[0])
    assert words[0] == "serve"
    assert offline == "1"  # a folder needs no hub


def test_one_that_ends_while_it_starts_shows_its_log(plan: Plan, tmp_path: Path) -> None:
    dies = plan.model_copy(update={"more": ("--die",)})
    with (
        serving(dies, tmp_path / "log") as server,
        pytest.raises(SetupError, match="no memory is left on the card"),
    ):
        server.wait_until_healthy(20, untold)


def test_one_that_takes_too_long_is_stopped(plan: Plan, tmp_path: Path) -> None:
    sleeps = plan.model_copy(update={"more": ("--sleep",)})
    with (
        pytest.raises(ModelUnavailable, match="--wait"),
        serving(sleeps, tmp_path / "log") as server,
    ):
        server.wait_until_healthy(1, untold)
    assert not server.is_running


def test_a_port_that_is_taken_is_named(plan: Plan, tmp_path: Path) -> None:
    with serve_http(plan.port), pytest.raises(SetupError, match="choose another --port"):  # noqa: SIM117
        with serving(plan, tmp_path / "log"):
            pass


@contextmanager
def serve_http(port: int) -> Generator[None]:
    with HTTPServer(("127.0.0.1", port), BaseHTTPRequestHandler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield
        server.shutdown()
        thread.join()


def test_the_command_prints_the_settings_and_says_when_it_ended(
    environment: Path, model: Path, port: int
) -> None:
    words = ["serve-vlm", str(model), "--cpu", "--environment", str(environment)]
    result = CliRunner().invoke(app, [*words, "--port", str(port), "--vllm-option=--once"])
    assert f"export PINCITE_CHAT__API_BASE=http://127.0.0.1:{port}/v1" in result.output
    assert "export PINCITE_CHAT__VISION=true" in result.output
    assert "ended by itself (3)" in result.output
    assert result.exit_code == 1
