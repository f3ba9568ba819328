"""What a writer finds at its start, and what it makes of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.app.writer.conftest import line
from tests.releases import publish, second_quads

from stemgraph.app.writer.commit import Commit, Committer, Write
from stemgraph.app.writer.committed import Committed
from stemgraph.graph import DataDirectory
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.journal import NAME, Journal
from stemgraph.graph.state_digest import STATE_GRAPH, digest_of_store, digest_text
from stemgraph.graph.unpublished import publish_edits


def write(committer: Committer, number: int) -> Commit:
    """One edit; its request has the same number."""
    added = {"added": [line(number)]}
    return committer.commit([Write(str(number), "diff", added, None, "test", None)])


def numbers(committer: Committer) -> set[int]:
    """The edits that are in the working store."""
    found = (quad for quad in committer.head.store if "example.org" in str(quad.subject))
    return {int(str(quad.subject).rsplit("/", 1)[1].rstrip(">")) for quad in found}


def started_again(data: Path) -> Committer:
    committer = Committer(data)
    committer.start()
    return committer


@pytest.mark.parametrize("lost", ["working", "editions", "working/store/CURRENT", "working/base.json"])
def test_what_is_lost_beside_the_journal_is_made_again(committer: Committer, data: Path, lost: str) -> None:
    for number in (1, 2):
        write(committer, number)
    edition = committer.edition
    committer.close()
    place = data / lost
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    again = started_again(data)
    assert (numbers(again), again.edition) == ({1, 2}, edition)
    assert edition.digest == digest_text(digest_of_store(again.head.store))
    assert again.head.graph.edition.id == again.head.edition
    again.close()


def test_an_older_working_store_is_replayed_from_where_it_is(committer: Committer, data: Path) -> None:
    write(committer, 1)
    committer.close()
    shutil.copytree(data / "working", data.parent / "working")
    again = started_again(data)
    for number in (2, 3):
        write(again, number)
    again.close()
    shutil.rmtree(data / "working")
    shutil.move(data.parent / "working", data / "working")
    last = started_again(data)
    assert (numbers(last), last.metrics.replayed) == ({1, 2, 3}, 2)
    last.close()


def test_a_working_store_that_says_nothing_of_itself_is_made_anew(committer: Committer, data: Path) -> None:
    """As one is left whose writer was killed while it made a copy for readers."""
    for number in (1, 2):
        write(committer, number)
    edition = committer.edition
    committer.head.store.update(f"DROP GRAPH <{STATE_GRAPH}>")
    committer.close()
    again = started_again(data)
    assert (numbers(again), again.edition, again.metrics.replayed) == ({1, 2}, edition, 2)
    again.close()


def test_readers_are_given_the_quads_alone(committer: Committer, data: Path) -> None:
    write(committer, 1)
    kept = set(committer.head.store)
    read = set(committer.head.graph.store.quads())
    assert {quad.graph_name for quad in kept - read} == {ox.NamedNode(STATE_GRAPH)}
    assert read < kept
    assert STATE_GRAPH not in committer.head.graph.store.graphs()


def test_a_torn_last_line_that_no_one_was_told_of_goes(committer: Committer, data: Path) -> None:
    write(committer, 1)
    committer.close()
    with (data / NAME).open("ab") as file:
        file.write(b'{"sequence":2,"time":')
    again = started_again(data)
    assert numbers(again) == {1}
    write(again, 2)
    again.close()
    assert [each.sequence for each in Journal(data / NAME).entries()] == [1, 2]


def test_a_damaged_journal_is_refused_with_line_and_mend(committer: Committer, data: Path) -> None:
    for number in (1, 2):
        write(committer, number)
    committer.close()
    content = bytearray((data / NAME).read_bytes())
    content[20] ^= 1
    (data / NAME).write_bytes(content)
    with pytest.raises(DataDirectoryError, match=r"journal\.jsonl, line 1 .*stemgraph restore"):
        Committer(data).start()


def test_a_write_that_is_asked_for_again_is_not_done_again(committer: Committer, data: Path) -> None:
    write(committer, 1)
    committer.close()
    again = started_again(data)
    (outcome,) = write(again, 1).outcomes.values()
    assert isinstance(outcome, Committed)
    assert outcome.sequence == 1
    assert again.head.sequence == 1
    again.close()


def test_edits_stand_on_another_release_that_becomes_current(committer: Committer, data: Path) -> None:
    write(committer, 1)
    assert not committer.base_changed
    published = publish(data, second_quads())
    assert committer.base_changed
    committer.start()
    assert numbers(committer) == {1}
    assert committer.head.edition == f"{published.release.id}.1"
    assert committer.edition.digest == digest_text(digest_of_store(committer.head.store))
    write(committer, 2)
    committer.close()
    again = started_again(data)
    assert numbers(again) == {1, 2}
    again.close()


def test_published_edits_are_not_made_again_and_numbers_go_on(committer: Committer, data: Path) -> None:
    write(committer, 1)
    published = publish_edits(DataDirectory(data))
    write(committer, 2)  # it has not looked yet: the edit is made on the release before
    committer.start()
    assert numbers(committer) == {1, 2}
    assert committer.head.edition == f"{published.release.id}.2"
    assert committer.head.graph.release.number == 2


def test_edits_that_were_given_up_do_not_come_back(committer: Committer, data: Path) -> None:
    write(committer, 1)
    DataDirectory(data).make_current(DataDirectory(data).current().release.id, sequence=1)
    assert committer.base_changed
    committer.start()
    assert numbers(committer) == set()
    assert committer.head.edition == DataDirectory(data).current().release.id
    assert not (data / "editions" / "current").exists()
    write(committer, 2)
    assert numbers(committer) == {2}
