"""The service over the small graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from stemgraph.app import Settings, create_app
from stemgraph.graph import KnowledgeGraph

SMALL = Path(__file__).parent.parent / "graph" / "fixtures" / "small.trig"


@pytest.fixture(scope="session")
def small_graph() -> Iterator[KnowledgeGraph]:
    """Twenty-odd entities and twenty associations: negated, regulatory and lean backbone ones among them."""
    with KnowledgeGraph.memory(SMALL) as graph:
        yield graph


@pytest.fixture(scope="session")
def client(small_graph: KnowledgeGraph) -> Iterator[TestClient]:
    """A client of the service over the small graph; it does not follow redirects."""
    app = create_app(Settings(sparql_workers=1), knowledge_graph=small_graph)
    with TestClient(app, follow_redirects=False) as running:
        yield running
