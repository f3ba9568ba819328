"""How a release is named, and which there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.releases import publish, second_quads, small_quads

from stemgraph.graph import KnowledgeGraph, Release, UnknownReleaseError
from stemgraph.graph.release_history import find_release

RELEASES = (
    Release(1, "abcd" + "0" * 60, "2026-11-01"),
    Release(2, "abce" + "1" * 60, "2026-12-01"),
    Release(12, "1234" + "2" * 60, "2027-01-01"),
)


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        (1, 1),
        ("2", 2),
        ("12", 12),
        ("abcd", 1),
        ("ABCE", 2),
        ("abce" + "1" * 12, 2),
        ("sha256:abce" + "1" * 60, 2),
        ("1234", 12),
    ],
)
def test_a_release_is_found_by_number_id_and_digest(asked: int | str, number: int) -> None:
    assert find_release(asked, RELEASES).number == number


@pytest.mark.parametrize("asked", [0, 3, -1, "", "abc", "abcd1", "latest", "01", "9" * 40])
def test_a_release_that_is_none_is_refused_with_those_there_are(asked: int | str) -> None:
    with pytest.raises(UnknownReleaseError) as caught:
        find_release(asked, RELEASES)
    assert [number for number, _, _ in caught.value.known] == [1, 2, 12]
    assert "12 (1234" in str(caught.value.mend)


def test_digits_that_begin_several_digests_name_none() -> None:
    twins = (RELEASES[0], Release(2, "abcd" + "1" * 60, "2026-12-01"))
    with pytest.raises(UnknownReleaseError, match="several releases begin with 'abcd'"):
        find_release("abcd", twins)


def test_a_graph_without_a_data_directory_knows_itself(small_graph: KnowledgeGraph) -> None:
    assert small_graph.releases() == (small_graph.release,)
    with small_graph.at(1) as same:
        assert same.entity("CL:0000037") == small_graph.entity("CL:0000037")
    with pytest.raises(UnknownReleaseError):
        small_graph.at(2)


def test_a_release_published_meanwhile_is_known(tmp_path: Path) -> None:
    publish(tmp_path, small_quads())
    with KnowledgeGraph.open(tmp_path) as graph:
        assert len(graph.releases()) == 1
        publish(tmp_path, second_quads())
        assert [each.number for each in graph.releases()] == [1, 2]
        assert graph.release.number == 1
        assert graph.diff(1, 2).after.release.number == 2


def test_a_directory_that_holds_no_release_is_passed_over(tmp_path: Path) -> None:
    publish(tmp_path, small_quads())
    (tmp_path / "releases" / ("0" * 16)).mkdir()
    with KnowledgeGraph.open(tmp_path) as graph:
        assert len(graph.releases()) == 1


def test_notes_say_what_each_release_changed(tmp_path: Path) -> None:
    publish(tmp_path, small_quads(), date="2026-11-01")
    publish(tmp_path, second_quads(), date="2026-12-01")
    with KnowledgeGraph.open(tmp_path) as graph:
        first, second = graph.history.notes(graph.releases())
    assert first.text.startswith("The first release, with 24 entities")
    assert second.title == "Release 2 of 2026-12-01"
    assert second.text == ("Since release 1: associations 1 added, 1 removed, 1 changed; entities 1 changed.")
