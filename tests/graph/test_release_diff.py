"""What changed between two releases, and that it makes the one of the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.releases import ADDED, AXIOM, SCLEROSIS, TREATED, publish, second_quads, small_quads

from stemgraph.graph import (
    BadRequestError,
    CursorError,
    DataDirectory,
    KnowledgeGraph,
    ReleaseDiff,
    ReleaseDirectory,
    Snapshot,
    apply_diff,
    compile_release,
    write_source,
)
from stemgraph.ontology.identifiers import PREFIXES


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """The second of two releases."""
    directory = tmp_path_factory.mktemp("releases")
    publish(directory, small_quads(), date="2026-11-01")
    publish(directory, second_quads(), date="2026-12-01")
    with KnowledgeGraph.open(directory) as opened:
        yield opened


def test_associations_and_entities_are_told_apart_by_what_happened_to_them(graph: KnowledgeGraph) -> None:
    assert [(each.kind, each.change, each.id) for each in graph.diff(1)] == [
        ("association", "added", ADDED),
        ("association", "removed", AXIOM),
        ("association", "changed", TREATED),
        ("entity", "changed", SCLEROSIS),
    ]


def test_a_change_names_its_fields_with_both_values(graph: KnowledgeGraph) -> None:
    (changed,) = graph.diff(1, 2).changes(kind="association", change="changed")
    assert [each.to_record() for each in changed.fields] == [
        {"field": "status", "before": "guideline_supported", "after": "standard_of_care"}
    ]
    assert changed.record["status"] == "standard_of_care"


def test_a_label_changes_its_entity_and_not_what_is_stated_about_it(graph: KnowledgeGraph) -> None:
    (changed,) = graph.diff(1, 2).changes(kind="entity")
    assert {each.field for each in changed.fields} == {"label", "synonyms"}
    assert graph.diff(1, 2).counts["association"]["changed"] == 1


def test_what_was_removed_is_told_as_it_was(graph: KnowledgeGraph) -> None:
    (removed,) = graph.diff(1, 2).changes(change="removed")
    assert removed.label == "multiple sclerosis subclass of demyelinating disease of central nervous system"


def test_a_release_does_not_differ_from_itself(graph: KnowledgeGraph) -> None:
    assert list(graph.diff(2, 2)) == []


def test_backwards_the_added_is_removed(graph: KnowledgeGraph) -> None:
    forth, back = graph.diff(1, 2).counts, graph.diff(2, 1).counts
    assert forth["association"]["added"] == back["association"]["removed"] == 1


def test_changes_are_paged(graph: KnowledgeGraph) -> None:
    diff = graph.diff(1, 2)
    pages: list[list[str]] = []
    cursor = None
    while True:
        page = diff.changes(limit=3, cursor=cursor)
        pages.append([each.id for each in page])
        assert page.total == 4
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [len(each) for each in pages] == [3, 1]
    assert [each for page in pages for each in page] == [each.id for each in diff]


def test_changes_can_be_asked_of_one_entity(graph: KnowledgeGraph) -> None:
    found = graph.diff(1, 2).changes(entity="MONDO:0020800")
    assert {each.id for each in found} == {ADDED, AXIOM}
    assert graph.diff(1, 2).changes(entity="CL:0000000").total == 0


def test_words_and_cursors_that_are_none_are_refused(graph: KnowledgeGraph) -> None:
    diff = graph.diff(1, 2)
    with pytest.raises(BadRequestError, match="'entities' is not a kind"):
        diff.changes(kind="entities")
    with pytest.raises(BadRequestError):
        diff.changes(limit=0)
    cursor = diff.changes(limit=1).next_cursor
    with pytest.raises(CursorError):
        graph.diff(2, 1).changes(limit=1, cursor=cursor)


def test_changes_apply_to_their_own_release_only(graph: KnowledgeGraph) -> None:
    with graph.at(1) as earlier:
        before, after = Snapshot.of(earlier.directory), Snapshot.of(graph.directory)
    assert apply_diff(before, graph.diff(1, 2)) == after
    with pytest.raises(BadRequestError, match="cannot be added here"):
        apply_diff(after, graph.diff(1, 2))


SUBJECTS = sorted({quad.subject for quad in small_quads()}, key=str)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=8)
SLOTS = {
    PREFIXES["rdfs"] + "label": WORDS.map(ox.Literal),
    PREFIXES["skos"] + "altLabel": WORDS.map(ox.Literal),
    PREFIXES["sgv"] + "summary": WORDS.map(ox.Literal),
    PREFIXES["sgv"] + "status": st.sampled_from(["approved", "reported", "disputed"]).map(ox.Literal),
    PREFIXES["sgv"] + "source_tier": st.integers(1, 3).map(ox.Literal),
    PREFIXES["sgv"] + "retracted": st.booleans().map(ox.Literal),
}


@st.composite
def variants(draw: st.DrawFn) -> list[ox.Quad]:
    """The small graph without some of its subjects, and with other values in some places."""
    dropped = draw(st.sets(st.sampled_from(SUBJECTS), max_size=12))
    quads: list[ox.Quad] = []
    for quad in small_quads():
        values = SLOTS.get(quad.predicate.value)
        value = draw(values) if values is not None and draw(st.booleans()) else quad.object
        if quad.subject not in dropped:
            quads.append(ox.Quad(quad.subject, quad.predicate, value, quad.graph_name))
    return quads


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(before=variants(), after=variants())
def test_the_difference_applied_to_the_one_gives_the_other(
    tmp_path_factory: pytest.TempPathFactory, before: list[ox.Quad], after: list[ox.Quad]
) -> None:
    directory = tmp_path_factory.mktemp("variants")
    one, other = compiled(before, directory / "one"), compiled(after, directory / "other")
    diff = ReleaseDiff.of_releases(one, other)
    assert apply_diff(Snapshot.of(one), diff) == Snapshot.of(other)
    assert len(diff) == sum(sum(counts.values()) for counts in diff.counts.values())


def compiled(quads: list[ox.Quad], directory: Path) -> ReleaseDirectory:
    write_source(quads, directory / "source")
    compile_release(directory / "source", directory / "release")
    return ReleaseDirectory(directory / "release")


def test_every_change_from_another_release_to_the_bundle_is_told(
    bundled: KnowledgeGraph, tmp_path: Path
) -> None:
    publish(tmp_path, small_quads())
    data = DataDirectory(tmp_path)
    one = ReleaseDirectory(data.release_path(data.current().release.id))
    diff = ReleaseDiff.of_releases(one, bundled.directory)
    assert diff.counts["association"]["added"] > 50_000
    assert Snapshot.of(bundled.directory) == apply_diff(Snapshot.of(one), diff)
