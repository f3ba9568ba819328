"""What the tests of the library share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stemgraph.graph import KnowledgeGraph

SMALL = Path(__file__).parent / "fixtures" / "small.trig"


@pytest.fixture(scope="session")
def small_file() -> Path:
    """Twenty-odd entities and twenty associations: negated, regulatory and lean backbone ones among them."""
    return SMALL


@pytest.fixture(scope="session")
def small_graph(small_file: Path) -> Iterator[KnowledgeGraph]:
    """The small file as a graph."""
    with KnowledgeGraph.memory(small_file) as graph:
        yield graph
