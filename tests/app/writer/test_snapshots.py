"""Snapshots: none takes another's place, and none goes while it is read."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.app.writer.conftest import line
from tests.releases import publish, second_quads

from stemgraph.app.writer.commit import Committer, Write
from stemgraph.graph import DataDirectory, KnowledgeGraph
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.hold import Hold, remove_unheld
from stemgraph.graph.unpublished import publish_edits

EDITED = ox.NamedNode("https://example.org/edited")


def write(committer: Committer, number: int) -> None:
    """An edit after which the value of a subject is the number."""
    body = {"added": [line("edited", number)], "removed": [line("edited", number - 1)]}
    commit = committer.commit([Write(f"{number}", "diff", body, None, "test", None)])
    assert commit.edition is not None
    committer.remove_unused()


def values(graph: KnowledgeGraph) -> list[str]:
    """What the store of a graph holds, opened anew as a worker of the jail opens it."""
    store = ox.Store.read_only(str(graph.edition.store))
    return [quad.object.value for quad in store.quads_for_pattern(EDITED, None, None) if quad.object]  # type: ignore[union-attr]


def snapshots(data: Path) -> list[str]:
    return sorted(each.name for each in (data / "editions").iterdir() if each.is_dir())


def test_a_snapshot_stays_while_a_graph_reads_it(committer: Committer, data: Path) -> None:
    write(committer, 1)
    with KnowledgeGraph.open(data) as graph:
        for number in range(2, 7):
            write(committer, number)
        assert values(graph) == ["1"]
        assert len(snapshots(data)) == 2
    write(committer, 7)
    assert len(snapshots(data)) == 1


def test_a_graph_that_is_forgotten_holds_nothing(committer: Committer, data: Path) -> None:
    for number in range(1, 4):
        write(committer, number)
        committer.head.graph.entity("MONDO:0005301")
    gc.collect()
    write(committer, 4)
    assert len(snapshots(data)) <= 2  # that which is named, and that of the writer's own graph


def test_one_number_on_two_releases_is_two_snapshots(committer: Committer, data: Path) -> None:
    for number in (1, 2):
        write(committer, number)
    with KnowledgeGraph.open(data) as before:
        published = publish(data, second_quads())
        committer.start()
        with KnowledgeGraph.open(data) as after:
            assert after.edition.id == f"{published.release.id}.2"
            assert after.edition.sequence == before.edition.sequence
            assert after.edition.store != before.edition.store
            assert before.store.query("ASK { ?x rdfs:label 'multiple sclerosis' }")
            assert before.entity("MONDO:0005301").label == "multiple sclerosis"
            assert after.entity("MONDO:0005301").label == "disseminated sclerosis"
            assert set(before.store.quads()) == set(ox.Store.read_only(str(before.edition.store)))


def test_a_writer_that_starts_again_leaves_what_is_read(committer: Committer, data: Path) -> None:
    write(committer, 1)
    with KnowledgeGraph.open(data) as graph:
        files = sorted(each.name for each in graph.edition.store.iterdir())
        committer.start()
        assert sorted(each.name for each in graph.edition.store.iterdir()) == files
        assert values(graph) == ["1"]
    publish_edits(DataDirectory(data))
    committer.start()
    assert snapshots(data) == []


def test_a_graph_can_be_opened_however_fast_editions_follow_each_other(
    committer: Committer, data: Path
) -> None:
    write(committer, 1)
    ended = threading.Event()
    opened: list[tuple[str, list[str]]] = []
    failures: list[Exception] = []

    def read() -> None:
        while not ended.is_set():
            try:
                with KnowledgeGraph.open(data) as graph:
                    opened.append((str(graph.edition.sequence), values(graph)))
            except Exception as error:  # it is told at the end
                failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        number = 1
        while number < 20 or len(opened) < 5:
            number += 1
            write(committer, number)
            assert not failures
    finally:
        ended.set()
        reader.join()
    assert not failures
    assert all(found == [number] for number, found in opened)


def test_what_is_being_removed_cannot_be_held(tmp_path: Path) -> None:
    store = tmp_path / "snapshot" / "store"
    store.mkdir(parents=True)
    with Hold(store), Hold(store):
        assert not remove_unheld(tmp_path / "snapshot")
    assert remove_unheld(tmp_path / "snapshot")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(DataDirectoryError, match="has been removed"):
        Hold(store)
