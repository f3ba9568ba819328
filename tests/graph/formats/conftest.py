"""What the tests of the formats share."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.association_query import AssociationQuery


@pytest.fixture
def exported(small_graph: KnowledgeGraph) -> Callable[..., bytes]:
    """The small graph, or what filters choose of it, in a format."""

    def export(format: str, **filters: object) -> bytes:  # noqa: A002  # the word users know
        stream = io.BytesIO()
        small_graph.export(format, stream, query=AssociationQuery(**filters) if filters else None)
        return stream.getvalue()

    return export
