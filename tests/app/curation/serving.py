"""A writable service over a data directory, and a key for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from fastapi.testclient import TestClient
from tests.releases import publish, small_quads

from stemgraph.app import Settings, create_app
from stemgraph.app.access.key_file import KeyFile


@contextmanager
def serving(
    data: Path, scopes: Iterable[str] = ("write",), quads: list[ox.Quad] | None = None, **settings: Any
) -> Iterator[TestClient]:
    """A client with a key, of a service that takes writes to a data directory with the small graph."""
    if not (data / "current").exists():
        publish(data, quads or small_quads())
    _, text = KeyFile.of_data(data).create("a curator", frozenset(scopes), None)
    app = create_app(Settings(data=data, writes=True, **settings))
    with TestClient(app, headers={"Authorization": f"Bearer {text}"}) as client:
        yield client
