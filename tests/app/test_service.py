from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.graph.editing import edit, quads

from stemgraph.app import Settings, create_app
from stemgraph.app.service import Instance
from stemgraph.graph import KnowledgeGraph

SCLEROSIS = "MONDO:0005301"
SYNONYM = quads('sgg:mondo { MONDO:0005301 skos:altLabel "Charcot disease" }')


class Watched(KnowledgeGraph):
    """A graph that remembers that it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True
        super().close()


@pytest.fixture
def before() -> Iterator[Watched]:
    with Watched.memory(Path(__file__).parent.parent / "graph" / "fixtures" / "small.trig") as graph:
        yield graph


@pytest.fixture
def after(before: Watched, tmp_path: Path) -> Iterator[Watched]:
    graph = edit(before, tmp_path, added=SYNONYM)
    assert isinstance(graph, Watched)
    with graph:
        yield graph


def test_a_swap_lets_requests_under_way_end_on_the_graph_they_began_with(
    before: Watched, after: Watched
) -> None:
    instance = Instance(before, Settings(), owned=True)
    first, second = instance.take(None), instance.take(None)
    instance.swap(after)
    assert instance.take(None).graph is after
    assert first.graph is before
    instance.give_back(first)
    assert not before.closed
    instance.give_back(second)
    assert before.closed
    assert not after.closed


def test_a_graph_that_another_opened_is_left_open_by_a_swap(before: Watched, after: Watched) -> None:
    instance = Instance(before, Settings())
    instance.swap(after)
    assert not before.closed
    instance.close()
    assert after.closed


def test_closing_off_the_event_loop_does_not_hold_it_up(before: Watched, after: Watched) -> None:
    async def swap() -> None:
        instance = Instance(before, Settings(), owned=True)
        instance.swap(after)
        await instance.closed()

    asyncio.run(swap())
    assert before.closed


def test_answers_name_the_edition_and_change_with_it(before: Watched, after: Watched) -> None:
    app = create_app(Settings(), knowledge_graph=before)
    path = f"/api/v1/entity/{SCLEROSIS}"
    client = TestClient(app)
    old = client.get(path)
    assert client.get(path).headers["stemgraph-cache"] == "hit"
    app.instance.swap(after)
    new = client.get(path)
    edition = f"{before.release.id}.1"
    assert new.headers["stemgraph-cache"] == "miss"
    assert (old.json()["meta"]["edition"], new.json()["meta"]["edition"]) == (before.release.id, edition)
    assert f"edition={edition};" in new.headers["stemgraph-release"]
    assert "Charcot disease" in new.json()["synonyms"]
    assert client.get(path, headers={"if-none-match": old.headers["etag"]}).status_code == 200
    assert client.get(path, headers={"if-none-match": new.headers["etag"]}).status_code == 304


def test_a_release_that_is_asked_for_answers_as_it_was_published(before: Watched, after: Watched) -> None:
    app = create_app(Settings(), knowledge_graph=before)
    path = f"/api/v1/entity/{SCLEROSIS}"
    client = TestClient(app)
    app.instance.swap(after)
    published = client.get(path, params={"release": before.release.id})
    assert published.json()["meta"]["edition"] == before.release.id
    assert "Charcot disease" not in published.json()["synonyms"]


def test_queries_see_the_edition(before: Watched, after: Watched) -> None:
    app = create_app(Settings(sparql_workers=1), knowledge_graph=before)
    ask = {"query": 'ASK { ?any <http://www.w3.org/2004/02/skos/core#altLabel> "Charcot disease" }'}
    with TestClient(app) as client:
        assert client.get("/sparql", params=ask).json()["boolean"] is False
        assert client.portal is not None
        client.portal.call(app.instance.swap, after)
        assert client.get("/sparql", params=ask).json()["boolean"] is True
