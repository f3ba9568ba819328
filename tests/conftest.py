"""What every test may ask for: the large shared data, and the graph that ships."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
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


def _obey_permissions() -> None:
    """Give up root's right to pass over permissions; it holds once the process becomes a program."""
    library = ctypes.CDLL(None, use_errno=True)
    drop_from_bounding_set, override, read_and_search = 24, 1, 2
    for capability in (override, read_and_search):
        library.prctl(drop_from_bounding_set, capability, 0, 0, 0)


@pytest.fixture(scope="session")
def bound_by_permissions(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], None] | None:
    """What a child process does first, as ``preexec_fn``, for permissions to hold: root passes over them.

    Skips where nothing holds root back.
    """
    if os.geteuid() != 0:
        return None
    if sys.platform == "linux":
        secret = tmp_path_factory.mktemp("secret") / "file"
        secret.touch(mode=0o000)
        command = [sys.executable, "-c", "import sys; open(sys.argv[1])", str(secret)]
        probe = subprocess.run(command, check=False, capture_output=True, preexec_fn=_obey_permissions)
        if probe.returncode != 0:
            return _obey_permissions
    pytest.skip("this is root, and nothing here holds it to permissions")


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Compile releases into a directory of this test session, never into the user's own cache."""
    directory = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("STEMGRAPH_CACHE", str(directory))
        environment.setenv("STEMGRAPH_HOSTS", "testserver")  # as which TestClient asks
        yield directory


@pytest.fixture(scope="session")
def bundled(cache: Path) -> Iterator[KnowledgeGraph]:
    """The graph that ships in the wheel, compiled once for the whole session."""
    from stemgraph.graph import KnowledgeGraph

    with KnowledgeGraph.bundled() as graph:
        yield graph
