"""How a data directory is found, filled and brought up to date."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.commands.conftest import current_release
from tests.releases import publish, second_quads

from stemgraph.app.commands import data_directory
from stemgraph.app.commands.data_directory import BUNDLED, default_data_directory, graph_directory
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.release import DataDirectory


@pytest.fixture
def bundle(small_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small graph in the place of the bundle."""
    (release,) = (small_data / "releases").iterdir()
    monkeypatch.setattr(data_directory, "bundle_directory", lambda: release)
    return release


def test_an_empty_directory_is_filled_from_the_bundle(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert graph_directory(tmp_path / "data", None) == tmp_path / "data"
    assert current_release(tmp_path / "data") == bundle.name
    assert (tmp_path / "data" / BUNDLED).read_text().split() == [bundle.name, bundle.name]


def test_a_directory_that_only_ever_held_the_bundle_follows_it(bundle: Path, tmp_path: Path) -> None:
    old = publish(tmp_path, second_quads()).release.id
    (tmp_path / BUNDLED).write_text(old)
    graph_directory(tmp_path, None)
    current = DataDirectory(tmp_path).current().release
    assert (current.id, current.number) != (old, 1)
    assert (tmp_path / BUNDLED).read_text().split() == [current.id, bundle.name]
    graph_directory(tmp_path, None)
    assert len(DataDirectory(tmp_path).releases()) == 2


def test_a_directory_into_which_something_was_loaded_is_left_alone(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "current").write_text("fedcba9876543210")
    (tmp_path / BUNDLED).write_text("0123456789abcdef")
    graph_directory(tmp_path, None)
    assert (tmp_path / "current").read_text() == "fedcba9876543210"


def test_a_directory_of_something_else_is_refused(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(DataDirectoryError, match=r"it holds 'thesis.docx' and no release"):
        graph_directory(tmp_path, None)


def test_a_release_is_taken_as_it_is(tmp_path: Path) -> None:
    assert graph_directory(None, tmp_path) == tmp_path


def test_the_default_is_the_platforms_place() -> None:
    assert default_data_directory().name == "stemgraph"
