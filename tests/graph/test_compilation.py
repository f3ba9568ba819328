"""Compiling is atomic, checked, and done once however many ask for it."""

from __future__ import annotations

import gzip
import hashlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pyoxigraph as ox
import pytest

from stemgraph.graph import (
    DataDirectoryError,
    KnowledgeGraph,
    ReleaseDirectory,
    compile_release,
    write_source,
)

COMPILE = """
import sys
from pathlib import Path
from stemgraph.graph import compile_release
print(compile_release(Path(sys.argv[1]), Path(sys.argv[2])).id)
"""


def make_source(directory: Path, entities: int = 50) -> Path:
    """A source of some diseases in a chain."""
    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    graph = ox.NamedNode("https://w3id.org/stemgraph/graph/mondo")
    terms = [ox.NamedNode(f"http://purl.obolibrary.org/obo/MONDO_{number:07}") for number in range(entities)]
    kind = ox.NamedNode("https://w3id.org/stemgraph/vocab/Disease")
    rdf_type = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    quads = [ox.Quad(term, rdf_type, kind, graph) for term in terms]
    label = ox.NamedNode(f"{rdfs}label")
    quads += [ox.Quad(term, label, ox.Literal(f"disease {n}"), graph) for n, term in enumerate(terms)]
    write_source(quads, directory, date="2026-11-23")
    return directory


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return make_source(tmp_path / "source")


def contents(directory: Path) -> list[str]:
    return sorted(each.name for each in directory.iterdir())


def test_progress_goes_from_nothing_to_ready(source: Path, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    compile_release(source, tmp_path / "out/release", progress=lambda *step: told.append(step))
    fractions = [fraction for _, fraction in told]
    assert fractions == sorted(fractions)
    assert (fractions[0], told[-1]) == (0.0, ("ready", 1.0))


def test_nothing_else_is_left_behind(source: Path, tmp_path: Path) -> None:
    compile_release(source, tmp_path / "out/release")
    assert contents(tmp_path / "out") == ["release"]
    assert "part-1.nq" not in contents(tmp_path / "out/release")


def test_compiling_twice_gives_the_same_tables(source: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        compile_release(source, tmp_path / name)
    for file in sorted((tmp_path / "one/records").iterdir()):
        assert file.read_bytes() == (tmp_path / "two/records" / file.name).read_bytes()
    assert (tmp_path / "one/statistics.json").read_bytes() == (tmp_path / "two/statistics.json").read_bytes()


@pytest.mark.parametrize("damage", ["digest", "cut", "no gzip", "missing"])
def test_a_damaged_source_is_refused_and_leaves_nothing(source: Path, tmp_path: Path, damage: str) -> None:
    export = source / "graph.nq.gz"
    if damage == "digest":
        export.write_bytes(gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n"))
    elif damage == "cut":
        export.write_bytes(export.read_bytes()[:-40])
    elif damage == "no gzip":
        export.write_bytes(b"this is not gzip")
    else:
        export.unlink()
    with pytest.raises(DataDirectoryError, match=r"graph\.nq\.gz"):
        compile_release(source, tmp_path / "out/release")
    assert contents(tmp_path / "out") == []


def test_lines_that_are_no_statements_are_refused(tmp_path: Path) -> None:
    text = b"<urn:a> <urn:b> nonsense\n"
    source = make_source(tmp_path / "source")
    (source / "graph.nq.gz").write_bytes(gzip.compress(text))
    record = orjson.loads((source / "release.json").read_bytes())
    record["digest"] = hashlib.sha256(text).hexdigest()
    (source / "release.json").write_bytes(orjson.dumps(record))
    with pytest.raises(DataDirectoryError, match="not an N-Quads statement"):
        compile_release(source, tmp_path / "out/release")
    assert contents(tmp_path / "out") == []


def test_what_is_in_the_way_is_not_removed_unasked(source: Path, tmp_path: Path) -> None:
    (tmp_path / "release").mkdir()
    (tmp_path / "release/diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(DataDirectoryError, match=r"is not a compiled release.*name another directory"):
        compile_release(source, tmp_path / "release")
    assert (tmp_path / "release/diary.txt").exists()


def test_another_release_is_not_replaced_unasked(source: Path, tmp_path: Path) -> None:
    compile_release(source, tmp_path / "release")
    other = make_source(tmp_path / "other", entities=3)
    with pytest.raises(DataDirectoryError, match="holds another release"):
        compile_release(other, tmp_path / "release")
    compile_release(other, tmp_path / "release", replace=True)
    assert KnowledgeGraph.open(tmp_path / "release").records.entity_count == 3


def test_a_directory_that_cannot_be_written_is_named(
    source: Path, tmp_path: Path, bound_by_permissions: Callable[[], None] | None
) -> None:
    command = [sys.executable, "-c", COMPILE, str(source), str(tmp_path / "out/release")]
    tmp_path.chmod(0o500)
    finished = subprocess.run(
        command, check=False, capture_output=True, text=True, preexec_fn=bound_by_permissions
    )
    tmp_path.chmod(0o700)
    last = finished.stderr.splitlines()[-1]
    assert "DataDirectoryError" in last
    assert f"{tmp_path / 'out/release'}: cannot be written: Permission denied" in last


def test_a_file_in_the_way_of_a_parent_is_named(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(DataDirectoryError, match="cannot be written"):
        compile_release(source, tmp_path / "file/release")


def test_processes_that_compile_at_once_share_one_result(source: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", COMPILE, str(source), str(tmp_path / "out/release")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    answers = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(set(answers)) == 1
    assert contents(tmp_path / "out") == ["release"]


def test_what_a_killed_compilation_left_is_cleared_away(tmp_path: Path) -> None:
    source = make_source(tmp_path / "source", entities=20_000)
    out = tmp_path / "out"
    process = subprocess.Popen([sys.executable, "-c", COMPILE, str(source), str(out / "release")])
    deadline = time.monotonic() + 30
    while not list(out.glob(".release.partial-*/part-1.nq")) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (out / "release").exists()
    assert len(contents(out)) == 1
    compile_release(source, out / "release")
    assert contents(out) == ["release"]
    assert ReleaseDirectory(out / "release").release.id
