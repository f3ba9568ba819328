"""The quick forms of the scripts in ``benchmarks/reliability``, each held to its targets."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from benchmarks.figure import Figure
from benchmarks.reliability.service import Service, serving


class Script(Protocol):
    """A module of ``benchmarks/reliability``."""

    def run(self, quick: bool) -> Iterator[Figure]: ...


@pytest.fixture
def hold() -> Callable[[Script], list[Figure]]:
    """Runs the quick form of a script, prints its figures, and fails for those that miss their target."""

    def holding(script: Script) -> list[Figure]:
        figures = []
        for figure in script.run(quick=True):
            sys.stdout.write(figure.line() + "\n")
            figures.append(figure)
        missed = [figure.line() for figure in figures if not figure.met]
        assert figures, "it measured nothing"
        assert not missed, "\n".join(missed)
        return figures

    return holding


@pytest.fixture(scope="session")
def filled(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory filled with the bundled graph, to be read; who changes it takes a copy."""
    from stemgraph.app.commands.data_directory import graph_directory

    data = tmp_path_factory.mktemp("reliability") / "data"
    graph_directory(data, None)
    return data


@pytest.fixture(scope="session")
def bundled_service(filled: Path) -> Iterator[Service]:
    """A service over the bundled graph, read-only, shared by tests that leave it as it was."""
    with serving(filled) as service:
        yield service
