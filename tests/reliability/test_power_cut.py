"""What a simulated power cut leaves of small programs' files, and of a store."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.reliability.power_cut import Loss, PowerSupply, compile_library

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD and /proc are Linux's")

HELPERS = """
import os
def write(name, text, flags=os.O_WRONLY | os.O_CREAT, at=None):
    fd = os.open(name, flags, 0o640)
    if at is not None:
        os.lseek(fd, at, 0)
    os.write(fd, text.encode())
    return fd
def names():
    fd = os.open(".", os.O_RDONLY)
    os.fsync(fd)
    os.close(fd)
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compile_library(tmp_path_factory.mktemp("library"))


@pytest.fixture
def supply(tmp_path: Path, library: Path) -> Iterator[PowerSupply]:
    supply = PowerSupply(tmp_path / "disk", library)
    yield supply
    supply.close()


def run(supply: PowerSupply, program: str) -> None:
    """Run a program in the directory, and kill it without notice at its end."""
    subprocess.run(
        [sys.executable, "-c", f"{HELPERS}\n{program}\nos.kill(os.getpid(), 9)"],
        cwd=supply.directory,
        env={**os.environ, **supply.environment},
        check=False,
    )


def left(supply: PowerSupply) -> dict[str, str]:
    """The files that are there, and what they hold."""
    files = (each for each in supply.directory.rglob("*") if each.is_file())
    return {str(each.relative_to(supply.directory)): each.read_text() for each in files}


def after_cut(supply: PowerSupply, program: str) -> dict[str, str]:
    run(supply, program)
    supply.cut()
    return left(supply)


def test_what_was_there_before_stays(tmp_path: Path) -> None:
    (tmp_path / "disk" / "deep").mkdir(parents=True)
    (tmp_path / "disk" / "deep" / "old").write_text("old")
    (tmp_path / "disk" / "link").symlink_to("deep")
    supply = PowerSupply(tmp_path / "disk")
    assert supply.cut() == Loss()
    assert left(supply) == {"deep/old": "old"}
    assert (tmp_path / "disk" / "link").readlink() == Path("deep")


@pytest.mark.parametrize(
    ("program", "found"),
    [
        pytest.param('write("a", "text"); names()', {"a": ""}, id="bytes without fsync are gone"),
        pytest.param('os.fsync(write("a", "text"))', {}, id="a name without fsync of its directory is gone"),
        pytest.param('os.fsync(write("a", "text")); names()', {"a": "text"}, id="both synced stay"),
        pytest.param('os.fdatasync(write("a", "text")); names()', {"a": "text"}, id="fdatasync is enough"),
        pytest.param(
            'fd = write("a", "one"); os.fsync(fd); names(); os.write(fd, b" two")',
            {"a": "one"},
            id="what is added after fsync is gone",
        ),
        pytest.param(
            'fd = write("a", "one", os.O_WRONLY | os.O_CREAT | os.O_APPEND); os.fsync(fd); names()\n'
            'os.write(fd, b" two"); os.fdatasync(fd); os.write(fd, b" three")',
            {"a": "one two"},
            id="what is appended is durable up to its last sync",
        ),
        pytest.param(
            'fd = write("a", "one two", os.O_RDWR | os.O_CREAT | os.O_APPEND); os.fsync(fd); names()\n'
            'os.ftruncate(fd, 2); os.write(fd, b" other end"); os.fsync(fd)',
            {"a": "on other end"},
            id="what is truncated and appended to is copied anew",
        ),
        pytest.param(
            'fd = write("a", "one two", os.O_RDWR | os.O_CREAT | os.O_APPEND); os.fsync(fd); names()\n'
            "os.ftruncate(fd, 2)",
            {"a": "one two"},
            id="a truncation that is not synced has not happened",
        ),
        pytest.param(
            'fd = write("a", "0123456789"); os.fsync(fd); names(); os.pwrite(fd, b"xx", 4); os.fsync(fd)\n'
            'os.pwrite(fd, b"yy", 8)',
            {"a": "0123xx6789"},
            id="bytes written in place are durable by fsync",
        ),
        pytest.param(
            'write("a", "text", os.O_WRONLY | os.O_CREAT | os.O_DSYNC); names()',
            {"a": "text"},
            id="a descriptor opened for synchronous writes needs no fsync",
        ),
        pytest.param(
            'os.fsync(write("a", "old")); os.fsync(write("b", "new")); names(); os.rename("b", "a")',
            {"a": "old", "b": "new"},
            id="a renaming without fsync of the directory has not happened",
        ),
        pytest.param(
            'os.fsync(write("a", "old")); names(); write("b", "new"); os.rename("b", "a"); names()',
            {"a": ""},
            id="a renamed file that was not synced is empty",
        ),
        pytest.param(
            'os.fsync(write("a", "old")); names(); os.unlink("a")',
            {"a": "old"},
            id="a removal without fsync of the directory has not happened",
        ),
        pytest.param(
            'os.fsync(write("a", "old")); names(); os.unlink("a"); names()', {}, id="a synced removal has"
        ),
        pytest.param(
            'os.mkdir("d"); os.fsync(write("d/a", "text")); os.chdir("d"); names()',
            {},
            id="a directory whose own name is not synced is gone with all it holds",
        ),
        pytest.param(
            'os.mkdir("d"); os.fsync(write("d/a", "text")); names(); os.chdir("d"); names()',
            {"d/a": "text"},
            id="a directory whose name is synced stays",
        ),
        pytest.param(
            'os.fsync(write("a", "text")); os.link("a", "b"); names()',
            {"a": "text", "b": "text"},
            id="hard links share what is durable",
        ),
        pytest.param(
            'os.fsync(write("a", "old")); names(); os.unlink("a"); os.fsync(write("b", "other"))',
            {"a": "old"},
            id="a file that takes the inode of a removed one is another file",
        ),
        pytest.param('write("a", "text"); os.sync()', {"a": "text"}, id="sync makes everything durable"),
    ],
)
def test_only_what_was_synced_is_left(supply: PowerSupply, program: str, found: dict[str, str]) -> None:
    assert after_cut(supply, program) == found


def test_a_cut_tells_what_it_took(supply: PowerSupply) -> None:
    run(supply, 'fd = write("a", "one"); os.fsync(fd); names(); os.write(fd, b" two"); write("b", "12345")')
    assert supply.cut() == Loss(names=["b"], files=["a"], bytes=9)


def test_permissions_and_hard_links_are_kept(supply: PowerSupply) -> None:
    after_cut(supply, 'os.fsync(write("a", "text")); os.link("a", "b"); names()')
    first, second = (supply.directory / name for name in "ab")
    assert first.stat().st_ino == second.stat().st_ino
    assert first.stat().st_mode & 0o777 == 0o640


def test_one_cut_after_another_counts_from_what_was_left(supply: PowerSupply) -> None:
    after_cut(supply, 'os.fsync(write("a", "one")); names(); write("b", "lost")')
    assert after_cut(supply, 'fd = write("a", " two", os.O_WRONLY | os.O_APPEND)') == {"a": "one"}


def cuts(library: Path, directory: Path, program: str) -> list[dict[str, str]]:
    """What ragged cuts of the same program leave."""
    found = []
    for seed in range(24):
        supply = PowerSupply(directory / str(seed), library)
        run(supply, program)
        supply.cut(seed)
        found.append(left(supply))
        supply.close()
    return found


def test_a_ragged_cut_leaves_parts_of_what_was_not_synced(library: Path, tmp_path: Path) -> None:
    program = 'fd = write("a", "one"); os.fsync(fd); names(); os.write(fd, b" two three")'
    found = {each["a"] for each in cuts(library, tmp_path, program)}
    assert all("one two three".startswith(each) and len(each) >= 3 for each in found)
    assert len(found) > 4


def test_a_ragged_cut_renames_whole_or_not_at_all(library: Path, tmp_path: Path) -> None:
    program = 'os.fsync(write("a", "old")); os.fsync(write("b", "new")); names(); os.rename("b", "a")'
    found = cuts(library, tmp_path, program)
    assert all(each in ({"a": "old", "b": "new"}, {"a": "new"}) for each in found)
    assert {len(each) for each in found} == {1, 2}


def test_a_store_loses_its_commits_and_keeps_what_it_flushed(supply: PowerSupply) -> None:
    store = """
from pyoxigraph import NamedNode, Quad, Store
def fill(store, begin, end):
    p = NamedNode("urn:p")
    store.extend(Quad(NamedNode(f"urn:{n}"), p, p) for n in range(begin, end))
store = Store("store"); names()
"""
    run(supply, store + "fill(store, 0, 100); store.flush(); fill(store, 100, 200)")
    loss = supply.cut()
    assert loss.bytes > 0
    program = "from pyoxigraph import Store; print(len(Store('store')))"
    counted = subprocess.run(
        [sys.executable, "-c", program], cwd=supply.directory, capture_output=True, text=True, check=True
    )
    assert int(counted.stdout) == 100
