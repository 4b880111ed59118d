from __future__ import annotations

import pytest

from pincite.errors import BadSettings, ModelUnavailable
from pincite.models.chat_endpoints import KeyNeeded, endpoint_at, reach_of, usual_endpoints
from tests.unit.serving.commands.model_server import ollama, openai_style, serving

CLOSED = 1
"""A port on which nothing listens."""


async def test_ollama_is_known_by_its_own_list() -> None:
    with serving(ollama("qwen3:8b", "llama3.2:1b")) as server:
        found = await endpoint_at(server.url)
    assert (found.server, found.models) == ("Ollama", ("qwen3:8b", "llama3.2:1b"))
    chosen = found.settings("qwen3:8b")
    assert (chosen.model, chosen.api_base) == ("ollama_chat/qwen3:8b", server.url)


async def test_vllm_is_known_by_the_owner_of_its_models() -> None:
    with serving(openai_style("our/model", owner="vllm")) as server:
        found = await endpoint_at(f"{server.url}/v1/")
    assert found.server == "vLLM"
    chosen = found.settings("our/model")
    assert (chosen.model, chosen.api_base) == ("openai/our/model", f"{server.url}/v1")


async def test_an_address_needs_no_scheme() -> None:
    with serving(openai_style("m")) as server:
        assert (await endpoint_at(f"127.0.0.1:{server.port}")).models == ("m",)


async def test_a_server_with_a_key_is_told_from_one_that_is_not_there() -> None:
    with serving(openai_style("m"), api_key="right") as server:
        with pytest.raises(KeyNeeded, match="--api-key-file"):
            await endpoint_at(server.url)
        with pytest.raises(KeyNeeded):
            await endpoint_at(server.url, "wrong")
        assert (await endpoint_at(server.url, "right")).models == ("m",)


async def test_nothing_there_is_one_sentence() -> None:
    with pytest.raises(ModelUnavailable, match=f"nothing answers at http://127.0.0.1:{CLOSED}"):
        await endpoint_at(f"http://127.0.0.1:{CLOSED}")


@pytest.mark.parametrize("body", [{"data": "no"}, {"data": [1]}, [], {"models": []}])
async def test_another_kind_of_server_is_said_to_be_one(body: object) -> None:
    with serving({"/v1/models": body}) as server, pytest.raises(ModelUnavailable, match="lists no"):
        await endpoint_at(server.url)


@pytest.mark.parametrize("url", ["ftp://host", "http://", "file:///etc/passwd"])
async def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadSettings, match="is not an address"):
        await endpoint_at(url)


async def test_a_key_in_the_address_is_refused() -> None:
    with pytest.raises(BadSettings, match="must not contain a key"):
        await endpoint_at("http://user:secret@127.0.0.1")


async def test_usual_ports_are_asked_together_and_silent_ones_are_left_out() -> None:
    with serving(ollama("a")) as one, serving(openai_style("b")) as two:
        found = await usual_endpoints((CLOSED, one.port, two.port))
    assert [each.models for each in found] == [("a",), ("b",)]


async def test_a_model_that_is_not_there_is_answered_with_those_that_are() -> None:
    with serving(ollama("a", "b")) as server:
        found = await endpoint_at(server.url)
    with pytest.raises(BadSettings, match=r"has no model 'c'; it has: a, b"):
        found.settings("c")


@pytest.mark.parametrize(
    ("url", "reach"),
    [
        ("http://127.0.0.1:8000", "this machine"),
        ("http://localhost:8000", "this machine"),
        ("http://[::1]:8000", "this machine"),
        ("http://192.168.1.7:8000", "local network"),
        ("http://10.0.0.1", "local network"),
        ("http://8.8.8.8", "internet"),
        ("http://[2606:4700::1]", "internet"),
    ],
)
def test_how_far_a_text_goes(url: str, reach: str) -> None:
    assert reach_of(url) == reach
