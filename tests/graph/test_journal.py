"""The journal: whole lines are kept, a torn end goes, and damage that matters is told."""

from __future__ import annotations

import errno
import os
import resource
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.journal import Journal, JournalEntry
from stemgraph.graph.quad_diff import QuadDiff

FIRST = JournalEntry(
    sequence=1,
    time="2026-11-27T05:30:00.123456Z",
    key="ann",
    action="diff",
    reason='a "test", über alles',
    diff=QuadDiff(frozenset({'<https://example.org/a> <https://example.org/b> "\\n,\\"sum\\":\\"" .'})),
    digest="0" * 64,
    touched=("https://example.org/a",),
    request="one",
    release="0123456789abcdef",
)


def entry(sequence: int, *, group: int = 0) -> JournalEntry:
    return replace(FIRST, sequence=sequence, group=group, request=str(sequence))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A journal of three edits."""
    journal = Journal(tmp_path / "journal.jsonl")
    for number in (1, 2, 3):
        journal.append([replace(FIRST, sequence=number)])
    journal.close()
    return Journal(journal.path)


def test_an_entry_comes_back_as_it_was(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.append([FIRST])
    assert list(journal.entries()) == [FIRST]
    assert journal.last == FIRST


def test_entries_after_a_number_and_until_another(journal: Journal) -> None:
    assert [each.sequence for each in journal.entries(1)] == [2, 3]
    assert [each.sequence for each in journal.entries(0, until=2)] == [1, 2]


def test_no_file_is_an_empty_journal(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    assert journal.last is None
    assert list(journal.entries()) == []
    assert journal.mend(0) == 0


@pytest.mark.parametrize("kept", [1, 40, -2, -1])
def test_a_torn_end_is_cut_off(journal: Journal, kept: int) -> None:
    whole = journal.path.read_bytes()
    journal.path.write_bytes(whole + entry(4).to_line()[:kept])
    assert [each.sequence for each in journal.entries()] == [1, 2, 3]
    assert journal.last is not None
    assert journal.last.sequence == 3
    assert journal.mend(3) > 0
    assert journal.path.read_bytes() == whole


def test_a_torn_end_that_was_acknowledged_is_told(journal: Journal) -> None:
    size = journal.path.stat().st_size
    os.truncate(journal.path, size - 5)
    with pytest.raises(DataDirectoryError, match=r"edit 3 was acknowledged.*stemgraph restore"):
        journal.mend(3)
    assert journal.path.stat().st_size == size - 5


def test_an_end_that_is_gone_and_was_acknowledged_is_told(journal: Journal) -> None:
    with pytest.raises(DataDirectoryError, match="ends with edit 3, and edit 4 was acknowledged"):
        journal.mend(4)


def test_a_damaged_line_that_others_follow_is_told_with_its_number(journal: Journal) -> None:
    text = bytearray(journal.path.read_bytes())
    text[text.index(b"\n") + 30] ^= 1
    journal.path.write_bytes(text)
    for read in (lambda: list(journal.entries()), lambda: journal.mend(0)):
        with pytest.raises(DataDirectoryError, match=r"l, line 2 \(byte \d+\): a line is damaged"):
            read()


def test_a_damaged_line_of_the_last_group_goes_with_what_follows_it(journal: Journal) -> None:
    whole = journal.path.read_bytes()
    torn = bytearray(entry(5, group=4).to_line())
    torn[50] ^= 1
    journal.path.write_bytes(whole + entry(4, group=4).to_line() + torn + entry(6, group=4).to_line())
    assert [each.sequence for each in journal.entries()] == [1, 2, 3, 4]
    journal.mend(3)
    assert [each.sequence for each in journal.entries()] == [1, 2, 3, 4]
    assert journal.path.read_bytes() == whole + entry(4, group=4).to_line()


def test_a_missing_edit_is_told(journal: Journal) -> None:
    journal.append([entry(5)])
    with pytest.raises(DataDirectoryError, match="edit 4 is missing: edit 5 stands in its place"):
        list(journal.entries())


def test_rotated_parts_are_read_with_the_rest(journal: Journal) -> None:
    moved = journal.rotate()
    assert moved is not None
    assert journal.last is not None
    assert journal.last.sequence == 3
    journal.append([entry(4)])
    assert [each.sequence for each in journal.entries()] == [1, 2, 3, 4]
    assert [each.sequence for each in journal.entries(3)] == [4]
    assert [each.sequence for each in journal.entries(2)] == [3, 4]
    assert journal.mend(4) == 0


def test_what_is_taken_back_is_gone(journal: Journal) -> None:
    whole = journal.path.read_bytes()
    journal.take_back(journal.append([entry(4), entry(5)]))
    assert journal.path.read_bytes() == whole
    journal.append([entry(4)])
    assert [each.sequence for each in journal.entries()] == [1, 2, 3, 4]


def test_what_does_not_fit_is_cut_off_again(journal: Journal) -> None:
    whole = journal.path.read_bytes()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 100, before[1]))
    try:
        with pytest.raises(OSError, match="File too large") as raised:
            journal.append([entry(4)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert raised.value.errno == errno.EFBIG
    assert journal.path.read_bytes() == whole
    journal.append([entry(4)])
    assert [each.sequence for each in journal.entries()] == [1, 2, 3, 4]
