"""The lines that a service logs while a test asks it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from stemgraph.app import Settings, create_app
from stemgraph.app.telemetry.lines import configure_logging
from stemgraph.graph import KnowledgeGraph

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What was logged until now, each line decoded; the loggers are as before after the test."""
    root, names = logging.getLogger(), ("stemgraph.access", "stemgraph.slow")
    before = (root.handlers[:], root.level, [logging.getLogger(each).level for each in names])
    stream = io.StringIO()
    configure_logging("json", "warning", stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, root.level = before[0], before[1]
    for name, level in zip(names, before[2], strict=True):
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def logged(small_graph: KnowledgeGraph, lines: Lines) -> Iterator[TestClient]:
    """A client of a service that logs every request, and every one as slow."""
    settings = Settings(sparql_workers=1, access_log=True, slow_seconds=1e-9)
    with TestClient(create_app(settings, knowledge_graph=small_graph)) as client:
        yield client
