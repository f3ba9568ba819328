"""Packed tables spare the deriving and change nothing; where they do not fit they are left alone."""

from __future__ import annotations

import lzma
import shutil
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import orjson
import pytest

from stemgraph.graph import KnowledgeGraph, compile_release, write_source
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.formats import read_dataset
from stemgraph.graph.packed_tables import PACKED, pack_tables, unpack_tables
from stemgraph.graph.release import LAYOUT, read_release
from stemgraph.graph.tables import TABLES
from stemgraph.ontology.bundle import bundle_directory

Head = dict[str, object]


@pytest.fixture
def source(small_file: Path, tmp_path: Path) -> Path:
    """A source of the small graph with its tables beside it."""
    directory = tmp_path / "source"
    write_source(read_dataset(small_file), directory, date="2026-11-23")
    pack_tables(directory)
    return directory


def tables_of(directory: Path) -> dict[str, bytes]:
    """The bytes of every table below a directory, by name."""
    files = [path for name in TABLES for path in [directory / name, *(directory / name).glob("*")]]
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files if path.is_file()}


def stages(source: Path, directory: Path) -> list[str]:
    told: list[str] = []
    compile_release(source, directory, progress=lambda stage, _: told.append(stage))
    return told


def rewritten(archive: Path, change: Callable[[Head], object]) -> None:
    """Write the archive again with another head."""
    with tarfile.open(archive) as packed:
        members = [(each, packed.extractfile(each)) for each in packed]
        contents = [(member, file.read()) for member, file in members if file is not None]
    head: Head = orjson.loads(contents[0][1])
    change(head)
    with tarfile.open(archive, "w:xz") as packed:
        for member, content in [(contents[0][0], orjson.dumps(head)), *contents[1:]]:
            member.size = len(content)
            packed.addfile(member, BytesIO(content))


def test_the_tables_of_the_bundle_are_those_that_its_statements_make(tmp_path: Path) -> None:
    bundle = bundle_directory()
    for name in ("graph.nq.gz", "release.json"):
        (tmp_path / "bare").mkdir(exist_ok=True)
        shutil.copyfile(bundle / name, tmp_path / "bare" / name)
    (tmp_path / "shipped").mkdir()
    release = read_release(bundle)

    described = unpack_tables(bundle, tmp_path / "shipped", release)
    derived = compile_release(tmp_path / "bare", tmp_path / "derived")

    assert described == derived, "run `make bundle`: the shipped tables are of another layout or graph"
    shipped, made = tables_of(tmp_path / "shipped"), tables_of(tmp_path / "derived")
    assert shipped.keys() == made.keys()
    different = [name for name in made if shipped[name] != made[name]]
    assert different == [], "run `make bundle`: the shipped tables are not what this code derives"


def test_packing_twice_makes_the_same_bytes(source: Path) -> None:
    first = (source / PACKED).read_bytes()
    size = pack_tables(source)
    assert (source / PACKED).read_bytes() == first
    assert size == len(first)


def test_a_release_from_packed_tables_is_the_one_that_is_derived(source: Path, tmp_path: Path) -> None:
    assert "reading" not in stages(source, tmp_path / "unpacked")
    (source / PACKED).unlink()
    assert "reading" in stages(source, tmp_path / "derived")

    assert tables_of(tmp_path / "unpacked") == tables_of(tmp_path / "derived")
    assert read_release(tmp_path / "unpacked") == read_release(tmp_path / "derived")


def test_a_graph_of_packed_tables_answers_by_name_and_by_sparql(source: Path, tmp_path: Path) -> None:
    compile_release(source, tmp_path / "release")
    with KnowledgeGraph.open(tmp_path / "release") as graph:
        graph.directory.verify()
        assert graph.find("multiple sclerosis").id == "MONDO:0005301"
        assert graph.associations(subject="MONDO:0005301").total > 0
        assert len(list(graph.sparql("SELECT * { ?s ?p ?o } LIMIT 1"))) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda head: head.update(layout=LAYOUT + 1),
        lambda head: head.update(tantivy="0.1.0"),
        lambda head: head["release"].update(digest="0" * 64),
        lambda head: head.clear(),
    ],
    ids=["layout", "tantivy", "digest", "no head"],
)
def test_tables_made_of_or_with_something_else_are_derived(
    source: Path, tmp_path: Path, change: Callable[[Head], object]
) -> None:
    rewritten(source / PACKED, change)
    assert "reading" in stages(source, tmp_path / "release")
    with KnowledgeGraph.open(tmp_path / "release") as graph:
        assert graph.entity("MONDO:0005301").label == "multiple sclerosis"


@pytest.mark.parametrize("damage", ["cut", "flipped", "no archive", "empty", "checksum"])
def test_a_damaged_archive_is_derived_and_leaves_nothing(source: Path, tmp_path: Path, damage: str) -> None:
    archive = source / PACKED
    content = bytearray(archive.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "flipped":
        content[len(content) // 2] ^= 0xFF
    elif damage == "no archive":
        content = bytearray(lzma.compress(b"something else"))
    elif damage == "checksum":
        content[-40] ^= 0xFF
    else:
        content = bytearray()
    archive.write_bytes(content)
    (tmp_path / "empty").mkdir()

    assert unpack_tables(source, tmp_path / "empty", read_release(source)) is None
    assert list((tmp_path / "empty").iterdir()) == []
    assert "reading" in stages(source, tmp_path / "release")


def test_an_archive_cannot_write_elsewhere(source: Path, tmp_path: Path) -> None:
    archive = source / PACKED
    with tarfile.open(archive) as packed:
        first = packed.extractfile("tables.json")
        assert first is not None
        head = first.read()
    for name in ("../outside", "/outside", "records/../../outside", "store/CURRENT", "compiled.json"):
        with tarfile.open(archive, "w:xz") as packed:
            for member, content in ((tarfile.TarInfo("tables.json"), head), (tarfile.TarInfo(name), b"x")):
                member.size = len(content)
                packed.addfile(member, BytesIO(content))
        (tmp_path / "empty").mkdir(exist_ok=True)
        assert unpack_tables(source, tmp_path / "empty", read_release(source)) is None
        assert list((tmp_path / "empty").iterdir()) == []


def test_tables_of_a_damaged_source_are_not_packed(source: Path) -> None:
    (source / PACKED).unlink()
    (source / "graph.nq.gz").write_bytes((source / "graph.nq.gz").read_bytes()[:-40])
    with pytest.raises(DataDirectoryError, match=r"graph\.nq\.gz"):
        pack_tables(source)
    assert not (source / PACKED).exists()
