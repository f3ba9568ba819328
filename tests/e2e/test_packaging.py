"""The wheel, built through the sdist, is what the tree says."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOTS = ("app", "graph", "ontology")
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def distributions(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the sdist of the tree and the wheel built from that sdist."""
    directory = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--installer", "uv", "--outdir", str(directory), str(repository)],
        check=True,
        capture_output=True,
    )
    return directory


def tracked(repository: Path) -> set[str]:
    """Package files as they must appear in the wheel: every tracked file below the three roots."""
    listed = subprocess.run(
        ["git", "ls-files", *ROOTS], cwd=repository, check=True, capture_output=True, text=True
    )
    return {line.split("/", 1)[1] for line in listed.stdout.splitlines()}


def test_the_wheel_holds_exactly_the_files_of_the_three_roots(repository: Path, distributions: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == tracked(repository)


def test_the_namespace_has_no_init_of_its_own(distributions: Path) -> None:
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        assert not [name for name in archive.getnames() if name.endswith("/stemgraph/__init__.py")]


def test_the_wheel_is_at_most_twenty_megabytes(distributions: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    assert wheel.stat().st_size <= 20 * MEGABYTE


def test_the_wheel_answers_where_nothing_else_is(distributions: Path, tmp_path: Path) -> None:
    (wheel,) = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")  # noqa: S202 - a wheel that this test built
    code = (
        "import sys; sys.path.insert(0, 'installed'); import stemgraph.graph as g, pathlib; "
        "assert pathlib.Path(g.__file__).is_relative_to(pathlib.Path('installed').resolve()), g.__file__; "
        "kg = g.KnowledgeGraph.bundled(); print(kg.entity('MONDO:0005301').label); kg.close()"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert printed.stdout.strip() == "multiple sclerosis"
