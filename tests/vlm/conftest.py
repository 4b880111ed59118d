from __future__ import annotations

from collections.abc import Generator

import pytest

from serving.vlm.process import Server
from tests.vlm.served import vllm


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """One for all, because it takes a minute and more to start; the very last test kills it."""
    with vllm(tmp_path_factory.mktemp("vllm")) as running:
        yield running
