"""The writer process through its client: what it answers is on the disk, and answered from."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from tests.app.writer.conftest import add, line, writing

from stemgraph.app.errors import PreconditionFailedError
from stemgraph.graph.journal import NAME, Journal
from stemgraph.graph.state_digest import digest_of_store, digest_text


def test_a_write_is_journalled_and_answered_from(data: Path) -> None:
    async def work() -> None:
        async with writing(data) as client:
            before = client._instance.current.edition_id
            committed = await client.submit(
                "diff", {"added": [line(1)]}, if_match=f'"{before}"', key="ann", reason="a test"
            )
            assert committed.sequence == 1
            graph = client._instance.current.graph
            assert graph.edition.id == committed.edition == f"{before}.1"
            assert graph.store.query("ASK { GRAPH ?g { <https://example.org/1> ?p ?o } }")
            (entry,) = Journal(data / NAME).entries()
            assert (entry.key, entry.reason, entry.action) == ("ann", "a test", "diff")
            assert entry.diff.added == {line(1)}
            assert entry.digest == digest_text(digest_of_store(graph.store.oxigraph))

    asyncio.run(work())


def test_an_expectation_that_does_not_hold_is_refused(data: Path) -> None:
    async def work() -> None:
        async with writing(data) as client:
            with pytest.raises(PreconditionFailedError, match="is not there"):
                await add(client, line(1), present=[line(2)])
            with pytest.raises(PreconditionFailedError, match="changed since"):
                await client.submit("diff", {"added": [line(1)]}, if_match='"x"', key="k", reason=None)

    asyncio.run(work())
    assert not list(Journal(data / NAME).entries())


def test_writes_of_different_things_are_committed_together(data: Path) -> None:
    async def work() -> None:
        async with writing(data) as client:
            answers = await asyncio.gather(*(add(client, line(n)) for n in range(40)))
            assert sorted(each.sequence for each in answers) == list(range(1, 41))
            assert (await client.metrics())["commits"] < 40

    asyncio.run(work())


def test_a_killed_writer_is_replaced_and_the_write_is_done_once(data: Path) -> None:
    async def work() -> None:
        async with writing(data) as client:
            await add(client, line(1))
            writes = [asyncio.create_task(add(client, line(n))) for n in range(2, 20)]
            await asyncio.sleep(0)
            assert client._child is not None
            os.kill(client._child.process_id, signal.SIGKILL)
            await asyncio.gather(*writes)
            assert client.starts == 2

    asyncio.run(work())
    found = [each.diff.added for each in Journal(data / NAME).entries()]
    assert sorted(found) == sorted({line(n)} for n in range(1, 20))
