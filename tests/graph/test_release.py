"""Releases and data directories say what they hold, and what is wrong with them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import orjson
import pyoxigraph as ox
import pytest

from stemgraph.graph import (
    DataDirectory,
    DataDirectoryError,
    KnowledgeGraph,
    Release,
    ReleaseDirectory,
    add_release,
    write_source,
)
from stemgraph.graph.release import read_release


@pytest.fixture
def source(tmp_path: Path, small_file: Path) -> Path:
    """A source directory of the small file."""
    write_source(ox.parse(path=str(small_file)), tmp_path / "source", number=3, date="2026-11-23")
    return tmp_path / "source"


@pytest.fixture
def release_copy(small_graph: KnowledgeGraph, tmp_path: Path) -> Path:
    """A release directory that may be damaged."""
    shutil.copytree(small_graph.directory.path, tmp_path / "release")
    return tmp_path / "release"


def test_a_source_is_the_same_whatever_the_order_of_its_quads(tmp_path: Path, small_file: Path) -> None:
    quads = list(ox.parse(path=str(small_file)))
    one = write_source(quads, tmp_path / "one", date="2026-11-23")
    two = write_source(reversed(quads + quads), tmp_path / "two", date="2026-11-23")
    assert one == two
    assert (tmp_path / "one/graph.nq.gz").read_bytes() == (tmp_path / "two/graph.nq.gz").read_bytes()


def test_a_release_is_named_by_its_digest(source: Path) -> None:
    release = read_release(source)
    assert release.id == release.digest[:16]
    assert (release.number, release.date) == (3, "2026-11-23")
    assert Release.from_record(release.to_record()) == release


def test_a_release_directory_has_every_part(small_graph: KnowledgeGraph) -> None:
    directory = small_graph.directory
    for part in (directory.records, directory.store, directory.labels, directory.view, directory.export):
        assert part.exists()
    assert directory.statistics["totals"]["associations"] == 20
    assert {source["name"] for source in directory.release.sources} >= {"mondo", "cl", "curated"}


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda path: (path / "records/entities.jsonl").unlink(), "cannot be read"),
        (lambda path: (path / "graph.nq.gz").write_bytes(b"x"), "has 1 bytes where"),
        (lambda path: (path / "compiled.json").write_bytes(b"{"), "cannot be read"),
        (lambda path: (path / "compiled.json").write_bytes(b"{}"), "has no list of its files"),
        (lambda path: (path / "compiled.json").write_bytes(b"[]"), "has no list of its files"),
        (lambda path: (path / "compiled.json").unlink(), "is not a compiled release"),
        (lambda path: next((path / "store").glob("*.sst")).unlink(), "cannot be read"),
        (shutil.rmtree, "does not exist"),
    ],
)
def test_a_damaged_release_directory_is_refused(
    release_copy: Path, damage: Callable[[Path], object], words: str
) -> None:
    damage(release_copy)
    with pytest.raises(DataDirectoryError, match=words) as caught:
        ReleaseDirectory(release_copy)
    assert str(release_copy) in str(caught.value)
    assert caught.value.mend


def test_a_release_of_another_layout_is_refused(release_copy: Path) -> None:
    manifest = orjson.loads((release_copy / "compiled.json").read_bytes())
    (release_copy / "compiled.json").write_bytes(orjson.dumps(manifest | {"layout": 0}))
    with pytest.raises(DataDirectoryError, match="another version of stemgraph"):
        ReleaseDirectory(release_copy)


@pytest.mark.parametrize(
    "text", [b"{", b"[]", b'{"number": 1}', b'{"number":"x","digest":"d","date":"2026"}']
)
def test_a_description_that_is_none_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "release.json").write_bytes(text)
    with pytest.raises(DataDirectoryError, match="not the description of a release"):
        read_release(tmp_path)


def test_a_data_directory_serves_the_release_added_last(source: Path, tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "data")
    assert data.is_empty
    first = add_release(source, data)
    assert data.releases() == (first.release.id,)
    quad = ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:c"))
    write_source([quad], tmp_path / "other")
    second = add_release(tmp_path / "other", data)
    assert data.current().release == second.release
    assert len(data.releases()) == 2
    data.make_current(first.release.id)
    assert data.current().release == first.release
    assert not data.is_empty
    with KnowledgeGraph.open(tmp_path / "data") as graph:
        assert graph.release.number == 3


def test_adding_the_same_release_again_changes_nothing(source: Path, tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "data")
    path = add_release(source, data).path
    before = {each: each.stat().st_mtime_ns for each in path.rglob("*")}
    add_release(source, data)
    assert {each: each.stat().st_mtime_ns for each in path.rglob("*")} == before


def test_a_broken_release_in_a_data_directory_is_compiled_again(source: Path, tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "data")
    directory = add_release(source, data)
    (directory.records / "entities.jsonl").unlink()
    with pytest.raises(DataDirectoryError):
        data.current()
    add_release(source, data)
    assert data.current().release == directory.release


def test_an_empty_data_directory_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(DataDirectoryError, match=r"holds no release.*stemgraph load"):
        KnowledgeGraph.open(tmp_path)
    with pytest.raises(DataDirectoryError, match="does not exist"):
        KnowledgeGraph.open(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DataDirectoryError, match="is not a directory"):
        KnowledgeGraph.open(tmp_path / "file")
    assert DataDirectory(tmp_path).releases() == ()


@pytest.mark.parametrize("name", ["", "../../etc", "0123456789abcdef"])
def test_a_current_release_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "current").write_text(name, encoding="utf-8")
    with pytest.raises(DataDirectoryError):
        KnowledgeGraph.open(tmp_path)


@pytest.mark.parametrize(
    "part", ["graph.nq.gz", "statistics.json", "records/entities.jsonl", "view", "labels"]
)
def test_a_file_that_was_changed_is_found_by_verifying(release_copy: Path, part: str) -> None:
    directory = ReleaseDirectory(release_copy)
    directory.verify()
    place = release_copy / part
    file = max(place.iterdir(), key=lambda each: each.stat().st_size) if place.is_dir() else place
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with pytest.raises(DataDirectoryError, match="is not as it was written"):
        directory.verify()


def test_a_release_under_another_name_is_not_served(source: Path, tmp_path: Path) -> None:
    data = DataDirectory(tmp_path / "data")
    added = add_release(source, data)
    added.path.rename(data.release_path("0123456789abcdef"))
    (data.path / "current").write_text("0123456789abcdef")
    with pytest.raises(DataDirectoryError, match=f"says that it is release {added.release.id}"):
        data.current()
