"""The service tells whether queries are answered from memory, through the change of an edition."""

from __future__ import annotations

import sys
import time

import pytest
from fastapi.testclient import TestClient
from tests.app.conftest import SMALL

from stemgraph.app import Settings, create_app
from stemgraph.graph import KnowledgeGraph

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forked workers are Linux's")

DISEASES = "SELECT (COUNT(*) AS ?n) { ?s a sgv:Disease }"


def workers(client: TestClient) -> str:
    """What the service says of its workers."""
    return next(each["found"] for each in client.get("/readyz").json()["checks"] if each["name"] == "workers")


def wait_for(client: TestClient, place: str) -> None:
    """Wait until queries are answered from a place."""
    deadline = time.monotonic() + 120
    while not workers(client).endswith(f"answered from {place}"):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def count(client: TestClient, comment: int) -> str:
    """The number of diseases, asked anew."""
    query = {"query": f"{DISEASES} # {comment}"}
    answer = client.get("/sparql", params=query, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    return answer.text.split()[1]


def test_the_service_says_from_where_queries_are_answered_also_after_an_edition(
    small_graph: KnowledgeGraph,
) -> None:
    app = create_app(Settings(sparql_workers=1), knowledge_graph=small_graph)
    with TestClient(app) as client, KnowledgeGraph.memory(SMALL) as following:
        assert workers(client).endswith("answered from disk")
        from_disk = count(client, 1)
        wait_for(client, "memory")
        assert "stemgraph_jail_in_memory 1.0" in client.get("/metrics").text
        assert count(client, 2) == from_disk
        assert client.portal is not None
        client.portal.call(app.instance.swap, following)
        assert workers(client).endswith("answered from disk")
        assert count(client, 3) == from_disk
        wait_for(client, "memory")
        assert count(client, 4) == from_disk


def test_with_no_memory_for_it_queries_are_answered_from_disk(small_graph: KnowledgeGraph) -> None:
    settings = Settings(sparql_workers=1, sparql_in_memory_bytes=0)
    with TestClient(create_app(settings, knowledge_graph=small_graph)) as client:
        assert count(client, 5) != "0"
        assert workers(client).endswith("answered from disk")
        assert "stemgraph_jail_in_memory 0.0" in client.get("/metrics").text
