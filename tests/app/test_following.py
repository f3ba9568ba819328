"""A running service serves what becomes current in its data directory."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import orjson
import pyoxigraph as ox
import pytest
from benchmarks.reliability.service import Service, start
from tests.app.writer.conftest import line
from tests.graph.editing import quads
from tests.releases import SCLEROSIS, publish, second_quads, small_quads

from stemgraph.app.writer.commit import Committer, Write
from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.journal import Journal, JournalEntry
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.graph.release import DataDirectory

PATH = f"/api/v1/entity/{SCLEROSIS}"
QUERY = "SELECT * { <http://purl.obolibrary.org/obo/MONDO_0005301> rdfs:label ?l }"
ASK = f"/sparql?query={quote(QUERY)}"
EDITED = "SELECT ?v { <https://example.org/edited> <https://example.org/value> ?v }"
LIMIT = 60.0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The small graph as release 1."""
    publish(tmp_path / "data", small_quads())
    return tmp_path / "data"


@pytest.fixture
def service(data: Path) -> Iterator[Service]:
    running = start(data, settings={"follow_seconds": 0.05, "sparql_workers": 1})
    yield running
    running.stop()


def edit_by_hand(data: Path, sequence: int, added: list[ox.Quad], removed: list[ox.Quad]) -> None:
    """What a writer leaves of an edit: the journal's line, the snapshot, and its name."""
    with KnowledgeGraph.open(data) as graph:
        release = graph.release.id
        place = data / "editions" / f"{release}.{sequence}" / "store"
        place.mkdir(parents=True)
        store = ox.Store(str(place))
        store.bulk_extend(quad for quad in graph.store.quads() if quad not in removed)
        store.bulk_extend(added)
        store.flush()
    entry = JournalEntry(
        sequence, "2026-11-27T05:00:00Z", "test", "diff", None, QuadDiff.of(added, removed), "0" * 64
    )
    Journal(data / "journal.jsonl").append([entry])
    named = data / "editions" / "current.partial"
    record = {
        "release": release,
        "sequence": sequence,
        "digest": "0" * 64,
        "snapshot": f"{release}.{sequence}",
    }
    named.write_bytes(orjson.dumps(record))
    named.rename(data / "editions" / "current")


def edition_of(header: str) -> str:
    return next(part for part in header.split("; ") if part.startswith("edition=")).removeprefix("edition=")


def wait_for(service: Service, edition: str) -> None:
    """Wait until an answer names this edition."""
    end = time.monotonic() + LIMIT
    while edition_of(service.request("GET", PATH).headers["stemgraph-release"]) != edition:
        assert time.monotonic() < end, service.said()
        time.sleep(0.02)


def test_a_release_published_meanwhile_is_served_without_a_failed_or_mixed_read(
    data: Path, service: Service
) -> None:
    first = DataDirectory(data).current().release.id
    seen: dict[str, set[str]] = {}
    failed: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            answer = service.request("GET", PATH)
            if answer.status != 200:
                failed.append(f"{answer.status} {answer.body!r}")
                continue
            body = answer.json()
            assert body["meta"]["edition"] == edition_of(answer.headers["stemgraph-release"])
            seen.setdefault(body["meta"]["edition"], set()).add(body["label"])
            queried = service.request("GET", ASK)
            if queried.status == 200:
                label = queried.json()["results"]["bindings"][0]["l"]["value"]
                seen.setdefault(edition_of(queried.headers["stemgraph-release"]), set()).add(label)
            else:
                failed.append(f"{queried.status} {queried.body!r}")

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        second = publish(data, second_quads()).release.id
        wait_for(service, second)
    finally:
        done.set()
        for reader in readers:
            reader.join(LIMIT)
    assert not failed
    assert {edition: labels for edition, labels in seen.items() if edition in (first, second)} == seen
    assert seen[first] == {"multiple sclerosis"}
    assert seen.get(second, {"disseminated sclerosis"}) == {"disseminated sclerosis"}
    earlier = service.request("GET", f"{PATH}?release=1").json()
    assert (earlier["label"], earlier["meta"]["edition"]) == ("multiple sclerosis", first)


def test_editions_are_followed_one_after_the_other(data: Path, service: Service) -> None:
    release = DataDirectory(data).current().release.id
    name = quads('sgg:mondo { MONDO:0005301 rdfs:label "multiple sclerosis" }')
    other = quads('sgg:mondo { MONDO:0005301 rdfs:label "Charcot disease" }')
    edit_by_hand(data, 1, other, name)
    wait_for(service, f"{release}.1")
    assert service.request("GET", PATH).json()["label"] == "Charcot disease"
    assert service.request("GET", "/api/v1/search?q=charcot").json()["items"][0]["id"] == SCLEROSIS
    edit_by_hand(data, 2, name, other)
    wait_for(service, f"{release}.2")
    assert service.request("GET", PATH).json()["label"] == "multiple sclerosis"


def test_a_service_beside_a_writer_that_it_does_not_know_always_has_its_snapshot(
    data: Path, service: Service
) -> None:
    committer = Committer(data)
    committer.start()
    try:
        for number in range(1, 31):
            added = {"added": [line("edited", number)], "removed": [line("edited", number - 1)]}
            committer.commit([Write(str(number), "diff", added, None, "test", None)])
            committer.remove_unused()
            answer = service.request("GET", f"/sparql?query={quote(EDITED + f'# {number}')}")
            assert answer.status == 200, answer.body
            (found,) = [each["v"]["value"] for each in answer.json()["results"]["bindings"]] or ["0"]
            _, _, edit = edition_of(answer.headers["stemgraph-release"]).partition(".")
            assert found == (edit or "0")
        wait_for(service, committer.head.edition)
    finally:
        committer.close()
    assert "cannot be served" not in service.said()


def test_a_data_directory_is_opened_with_its_edits(data: Path) -> None:
    edit_by_hand(data, 1, quads('sgg:mondo { MONDO:0005301 skos:altLabel "Charcot disease" }'), [])
    with KnowledgeGraph.open(data) as graph:
        assert graph.edition.sequence == 1
        assert graph.edition.date == "2026-11-27"
        assert "Charcot disease" in graph.entity(SCLEROSIS).synonyms
        with graph.at(1) as published:
            assert "Charcot disease" not in published.entity(SCLEROSIS).synonyms


def test_what_cannot_be_served_leaves_what_is_served(data: Path, service: Service) -> None:
    first = DataDirectory(data).current().release.id
    (data / "current").write_text("0123456789abcdef\n")
    end = time.monotonic() + LIMIT
    while "cannot be served" not in service.said():
        assert time.monotonic() < end
        time.sleep(0.02)
    assert edition_of(service.request("GET", PATH).headers["stemgraph-release"]) == first
