"""A small graph of invented products, their actions and their risks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stemgraph.graph import KnowledgeGraph

REGULATION = Path(__file__).parent.parent / "fixtures" / "regulation.trig"


@pytest.fixture(scope="session")
def regulation() -> Iterator[KnowledgeGraph]:
    """Products approved, withdrawn, approved in words alone, as a whole, without a date."""
    with KnowledgeGraph.memory(REGULATION) as graph:
        yield graph
