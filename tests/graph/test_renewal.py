"""Releases that another version compiled are compiled again, and say the same."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from tests.releases import TREATED, publish, second_quads, small_quads

from stemgraph.graph import DataDirectory, DataDirectoryError, KnowledgeGraph
from stemgraph.graph.renewal import renew_releases


def age(release: Path) -> None:
    """Make a release one of another layout."""
    manifest = orjson.loads((release / "compiled.json").read_bytes())
    (release / "compiled.json").write_bytes(orjson.dumps({**manifest, "layout": 0}))


def test_releases_of_another_version_answer_as_before(tmp_path: Path) -> None:
    for quads in (small_quads(), second_quads()):
        publish(tmp_path, quads)
    for release in (tmp_path / "releases").iterdir():
        age(release)
    with pytest.raises(DataDirectoryError, match="another version"):
        KnowledgeGraph.open(tmp_path)
    data = DataDirectory(tmp_path)
    assert set(renew_releases(data)) == set(data.releases())
    with KnowledgeGraph.open(tmp_path) as graph, graph.at(1) as earlier:
        assert [each.number for each in graph.releases()] == [1, 2]
        assert earlier.association(TREATED).status == "guideline_supported"
        assert graph.association(TREATED).status == "standard_of_care"


def test_releases_of_this_version_are_left_alone(tmp_path: Path) -> None:
    release = publish(tmp_path, small_quads()).directory.path
    before = (release / "compiled.json").stat().st_mtime_ns
    assert renew_releases(DataDirectory(tmp_path)) == ()
    assert (release / "compiled.json").stat().st_mtime_ns == before


def test_publishing_renews_what_it_is_compared_with(tmp_path: Path) -> None:
    age(publish(tmp_path, small_quads()).directory.path)
    assert publish(tmp_path, second_quads()).release.number == 2


def test_a_damaged_release_is_not_taken_for_one_of_another_version(tmp_path: Path) -> None:
    (publish(tmp_path, small_quads()).directory.path / "compiled.json").write_bytes(b"{")
    assert renew_releases(DataDirectory(tmp_path)) == ()
