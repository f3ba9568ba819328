"""A data directory with the small graph, and what writes to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.releases import publish, small_quads

from stemgraph.app.service import Instance
from stemgraph.app.settings import Settings
from stemgraph.app.writer import WriterClient
from stemgraph.app.writer.commit import Committer
from stemgraph.app.writer.opening import open_edition


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory that holds the small graph as release 1."""
    publish(tmp_path / "data", small_quads())
    return tmp_path / "data"


@pytest.fixture
def committer(data: Path) -> Iterator[Committer]:
    """What commits edits to it, in this process."""
    committer = Committer(data)
    committer.start()
    yield committer
    committer.close()


@asynccontextmanager
async def writing(data: Path) -> AsyncIterator[WriterClient]:
    """One web process's client of the writer, without the web."""
    instance = Instance(open_edition(data), Settings(data=data, writes=True), owned=True)
    client = WriterClient(instance, data)
    await client.start()
    try:
        yield client
    finally:
        await client.stop()
        await instance.closed()
        instance.close()


def line(number: int | str, value: object = "here") -> str:
    """A statement about a test subject."""
    return (
        f'<https://example.org/{number}> <https://example.org/value> "{value}" <https://example.org/graph> .'
    )


async def add(client: WriterClient, *lines: str, **others: Any) -> Any:
    """Submit added lines."""
    return await client.submit("diff", {"added": lines, **others}, if_match=None, key="test", reason=None)
