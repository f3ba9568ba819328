"""The command line, run in this process or as the real program."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from stemgraph.app.commands import application
from stemgraph.graph.release import DataDirectory

SMALL = Path(__file__).parent.parent.parent / "graph" / "fixtures" / "small.trig"

Run = Callable[..., Any]


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory that serves the small graph."""
    directory = tmp_path_factory.mktemp("small") / "data"
    result = CliRunner().invoke(application, ["load", str(SMALL), "--data", str(directory)])
    assert result.exit_code == 0, result.output
    return directory


@pytest.fixture
def run(small_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the small graph; ``input`` is its standard input."""
    monkeypatch.setenv("STEMGRAPH_DATA", str(small_data))
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments: str, input: str | bytes | None = None) -> Any:  # noqa: A002  # CliRunner's word
        return CliRunner().invoke(application, list(arguments), input=input)

    return invoke


@pytest.fixture
def run_program(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the real program, and give back what came of it; its process does ``first`` before all else."""

    def invoke(
        *arguments: str, first: Callable[[], None] | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "stemgraph.app", *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            timeout=60,
            env={**os.environ, **environment},
            preexec_fn=first,
        )

    return invoke


def current_release(directory: Path) -> str:
    """The id of the release that a data directory serves."""
    return DataDirectory(directory).current().release.id
