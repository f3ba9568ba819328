"""How a data directory is found, filled and brought up to date."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.app.commands.conftest import current_release

from stemgraph.app.commands import data_directory
from stemgraph.app.commands.data_directory import BUNDLED, default_data_directory, graph_directory
from stemgraph.graph.errors import DataDirectoryError


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
    old = "0123456789abcdef"
    (tmp_path / "releases").mkdir()
    shutil.copytree(bundle, tmp_path / "releases" / old)
    for name in ("current", BUNDLED):
        (tmp_path / name).write_text(old)
    graph_directory(tmp_path, None)
    assert current_release(tmp_path) == bundle.name


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
