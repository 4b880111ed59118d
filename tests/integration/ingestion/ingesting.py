"""A process that ingests with fake readers and a real index, made to be killed.

`python -m tests.integration.ingestion.ingesting DATA FILE`
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from pincite import config
from pincite.index.factory import open_index
from pincite.index.ports import TEXT, ElementIndex, Space
from pincite.models.fakes import FakeTextEncoder
from tests.unit.ingestion.library import ingested, opened


def edge(data: Path) -> ElementIndex:
    encoder = FakeTextEncoder()
    space = Space(encoder=encoder.id, dimensions=encoder.dimensions)
    return open_index(config.Index(kind="edge"), data / "index", {TEXT: space})


async def main(data: Path, file: Path) -> None:
    async with opened(data, index=edge(data)) as ingestor:
        await ingestor.resume()
        await ingested(ingestor, file)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
