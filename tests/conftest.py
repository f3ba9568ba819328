"""What every test may ask for: the large shared data, and the graph that ships."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stemgraph.graph import KnowledgeGraph

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The directory of large real data, or a skip that says where it was looked for."""
    directory = Path(os.environ.get("STEMGRAPH_TEST_DATA") or REPOSITORY.parent / "shared" / "data")
    if not (directory / "ontology_tables").is_dir():
        pytest.skip(f"no large data at {directory}; set STEMGRAPH_TEST_DATA to it")
    return directory


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Compile releases into a directory of this test session, never into the user's own cache."""
    directory = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STEMGRAPH_CACHE", str(directory))
        yield directory


@pytest.fixture(scope="session")
def bundled(cache: Path) -> Iterator[KnowledgeGraph]:
    """The graph that ships in the wheel, compiled once for the whole session."""
    from stemgraph.graph import KnowledgeGraph

    with KnowledgeGraph.bundled() as graph:
        yield graph
