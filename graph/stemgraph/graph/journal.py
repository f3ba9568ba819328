"""The journal of a data directory: one line for each edit, written and synced before anything else is done.

It is the commit point of a write and the audit log of all of them. ``journal.jsonl`` is appended to; parts
that grew large stand beside it as ``journal.<last sequence>.jsonl``. Every line carries a checksum of itself,
and the digest of the state after its edit.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from stemgraph.graph.durability import sync_directory
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.quad_diff import QuadDiff

NAME: Final = "journal.jsonl"
"""File of a data directory that is appended to."""

_SUM: Final = b',"sum":"'
_SEQUENCE: Final = re.compile(rb'\{"sequence":([0-9]+),')
_ROTATED: Final = re.compile(r"journal\.([0-9]{12})\.jsonl")
_RESTORE: Final = (
    "restore a backup with `stemgraph restore`, or move the journal away to go on without its edits"
)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One edit: its number, when, who, how and why, what it changed, and the digest of the state after it."""

    sequence: int
    time: str
    """Date and time in UTC, as in ``2026-11-27T05:30:00.123456Z``."""
    key: str
    """Id of the key that it was done with."""
    action: str
    reason: str | None
    diff: QuadDiff
    digest: str
    """64 hexadecimal digits: the sum of the digests of all quads of the state after it."""
    undoes: int | None = None
    touched: tuple[str, ...] = ()
    """IRIs of what it changed, sorted."""
    request: str = ""
    """Id that the client gave the write, so that asking again does not do it again."""
    group: int = 0
    """Sequence of the first entry that was written and synced together with it; 0 where it was alone."""
    release: str = ""
    """Id of the release on which it was made, and to which its digest belongs."""

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> JournalEntry:
        """Read back what ``to_record`` wrote."""
        return cls(
            sequence=record["sequence"],
            time=record["time"],
            key=record["key"],
            action=record["action"],
            reason=record["reason"],
            diff=QuadDiff(frozenset(record["added"]), frozenset(record["removed"])),
            digest=record["digest"],
            undoes=record.get("undoes"),
            touched=tuple(record["touched"]),
            request=record.get("request", ""),
            group=record.get("group", 0),
            release=record.get("release", ""),
        )

    def to_record(self) -> dict[str, Any]:
        """The JSON shape of a line, but for its checksum."""
        return {
            "sequence": self.sequence,
            "time": self.time,
            "key": self.key,
            "action": self.action,
            "reason": self.reason,
            "touched": list(self.touched),
            "added": sorted(self.diff.added),
            "removed": sorted(self.diff.removed),
            "undoes": self.undoes,
            **{name: value for name in ("request", "group", "release") if (value := getattr(self, name))},
            "digest": self.digest,
        }

    def to_line(self) -> bytes:
        """The line, with its checksum and its end."""
        body = orjson.dumps(self.to_record())[:-1]
        return body + _SUM + _checksum(body) + b'"}\n'


class Journal:
    """The journal at a path: read by anyone, appended to by the one writer.

    Args:
        path: The file ``journal.jsonl``; it need not be there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self._size = 0

    @property
    def last(self) -> JournalEntry | None:
        """The last whole entry."""
        for part in reversed(self.parts()):
            # Its last line may be torn: then all of it is read.
            for start in (_last_line_start(part), 0):
                found = deque(self._read(part, start), maxlen=1)
                if found:
                    return found[0]
        return None

    def entries(self, after: int = 0, *, until: int | None = None) -> Iterator[JournalEntry]:
        """The entries after a sequence number, up to another one or to the last that is whole.

        Raises:
            DataDirectoryError: A line that others follow is damaged, or one is missing.
        """
        expected: int | None = None
        for part in self.parts():
            last = _last_of(part)
            if last is not None and last <= after:
                continue
            for entry in self._read(part, 0, after=after, torn_end=part == self.path):
                if expected is not None and entry.sequence != expected:
                    raise _missing(part, expected, entry.sequence)
                expected = entry.sequence + 1
                if until is not None and entry.sequence > until:
                    return
                yield entry

    def parts(self) -> list[Path]:
        """The files of the journal, the earliest first; the one that is appended to is the last."""
        try:
            names = {each.name for each in self.path.parent.iterdir()}
        except FileNotFoundError:
            return []
        rotated = sorted(name for name in names if _ROTATED.fullmatch(name))
        current = [self.path] if self.path.name in names else []
        return [*(self.path.with_name(name) for name in rotated), *current]

    def append(self, entries: Sequence[JournalEntry]) -> int:
        """Write entries and sync them; the number of bytes. What fails is cut off again.

        Raises:
            OSError: There is no room, or the disk fails; none of the entries is in the journal.
            DataDirectoryError: They could not be cut off; what it holds is known only by reading it again.
        """
        descriptor = self._open()
        lines = b"".join(entry.to_line() for entry in entries)
        try:
            view = memoryview(lines)
            while view:
                view = view[os.write(descriptor, view) :]
            os.fdatasync(descriptor)
        except OSError:
            self._cut_surely()
            raise
        self._size += len(lines)
        return len(lines)

    def take_back(self, size: int) -> None:
        """Cut off what the last ``append`` wrote, of this many bytes: what follows it could not be done.

        Raises:
            OSError: The disk fails; what the journal holds is known only by reading it again.
        """
        self._size -= size
        self.cut()

    def cut(self) -> None:
        """Cut the file back to its last synced line.

        Raises:
            OSError: The disk fails.
        """
        descriptor = self._open()
        os.ftruncate(descriptor, self._size)
        os.fsync(descriptor)

    def _cut_surely(self) -> None:
        try:
            self.cut()
        except OSError as error:
            raise DataDirectoryError(
                f"cannot be cut back to {self._size} bytes: {error.strerror}",
                place=str(self.path),
                mend="check the disk; the writer reads it again",
            ) from error

    @property
    def size(self) -> int:
        """Bytes of the file that is appended to."""
        if self._descriptor is not None:
            return self._size
        with suppress(FileNotFoundError):
            return self.path.stat().st_size
        return 0

    def mend(self, acknowledged: int) -> int:
        """Cut off a torn end, which no one was told of; the number of bytes that were cut.

        Args:
            acknowledged: The highest sequence number of which there is a sign beside the journal.

        Raises:
            DataDirectoryError: A damaged line was acknowledged, or whole lines of other edits follow it.
        """
        parts = self.parts()
        torn = 0
        if parts and parts[-1] == self.path:
            good, last = self._good_size()
            torn = self.path.stat().st_size - good
            if torn and last < acknowledged:
                raise DataDirectoryError(
                    f"the last line is damaged, and its edit {last + 1} was acknowledged",
                    place=f"{self.path}, byte {good}",
                    mend=_RESTORE,
                )
            self._open()
            self._size = good
            if torn:
                self.cut()
        last_entry = self.last
        if (last_entry.sequence if last_entry else 0) < acknowledged:
            raise DataDirectoryError(
                f"ends with edit {last_entry.sequence if last_entry else 0}, "
                f"and edit {acknowledged} was acknowledged",
                place=str(self.path),
                mend=_RESTORE,
            )
        return torn

    def rotate(self) -> Path | None:
        """Give the file a name of its own among the earlier parts, and begin another; where it now is."""
        last = self.last
        if last is None or self.size == 0:
            return None
        self.close()
        target = self.path.with_name(f"journal.{last.sequence:012}.jsonl")
        self.path.rename(target)
        sync_directory(self.path.parent)
        return target

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def size_until(self, sequence: int) -> int:
        """Bytes of the file up to the end of the line of an edit, or of the last whole line before it."""
        size = 0
        for entry, end in self._read_with_ends(self.path, 0):
            if entry.sequence > sequence:
                break
            size = end
        return size

    def _open(self) -> int:
        if self._descriptor is None:
            is_new = not self.path.exists()
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)
            descriptor = os.open(self.path, flags, 0o600)
            try:
                self._size = os.fstat(descriptor).st_size
                if is_new:
                    os.fsync(descriptor)
                    sync_directory(self.path.parent)
            except OSError:
                os.close(descriptor)
                raise
            self._descriptor = descriptor
        return self._descriptor

    def _read(
        self, part: Path, start: int, *, after: int = 0, torn_end: bool = True
    ) -> Iterator[JournalEntry]:
        return (entry for entry, _ in self._read_with_ends(part, start, after=after, torn_end=torn_end))

    def _read_with_ends(
        self, part: Path, start: int, *, after: int = 0, torn_end: bool = True
    ) -> Iterator[tuple[JournalEntry, int]]:
        """The whole entries of a file, and where the line of each ends.

        A damaged line ends it where only lines of its own group follow.
        """
        with part.open("rb") as file:
            file.seek(start)
            position, number = start, 0
            for line in file:
                number += 1
                if after and 0 < _sequence_of(line) <= after and line.endswith(b"}\n"):
                    position += len(line)
                    continue
                entry = _parse(line)
                if entry is None:
                    if not torn_end or _followed(file, _sequence_of(line)):
                        raise _damaged(part, number, position)
                    return
                position += len(line)
                yield entry, position

    def _good_size(self) -> tuple[int, int]:
        """Bytes of whole lines at the beginning of the file, and the sequence of the last of them."""
        size, last = 0, _last_of(self.parts()[-2]) or 0 if len(self.parts()) > 1 else 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                entry = _parse(line)
                if entry is None:
                    if _followed(file, last + 1):
                        raise _damaged(self.path, number, size)
                    break
                size += len(line)
                last = entry.sequence
        return size, last


def _parse(line: bytes) -> JournalEntry | None:
    """The entry of a line, or None where it is not whole."""
    body, mark, rest = line.rpartition(_SUM)
    if not mark or rest != _checksum(body) + b'"}\n':
        return None
    try:
        return JournalEntry.from_record(orjson.loads(body + b"}"))
    except (ValueError, KeyError, TypeError):
        return None


def _sequence_of(line: bytes) -> int:
    """The sequence that a line begins with; 0 where it does not say."""
    found = _SEQUENCE.match(line)
    return int(found[1]) if found else 0


def _followed(lines: Iterator[bytes], sequence: int) -> bool:
    """Whether a whole line follows that was not written together with the damaged one of this sequence."""
    return any(
        entry is not None and (entry.group == 0 or (sequence > 0 and entry.group > sequence))
        for entry in map(_parse, lines)
    )


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest()[:32].encode()


def _last_of(part: Path) -> int | None:
    """The last sequence of a part, from its name; None for the file that is appended to."""
    found = _ROTATED.fullmatch(part.name)
    return int(found[1]) if found else None


def _last_line_start(part: Path) -> int:
    """Where the last line of a file begins, whether it is whole or not."""
    step = 1 << 16
    with part.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        position = max(0, end - 1)  # its own line end does not count
        while position > 0:
            begin = max(0, position - step)
            file.seek(begin)
            found = file.read(position - begin).rfind(b"\n")
            if found >= 0:
                return begin + found + 1
            position = begin
    return 0


def _damaged(part: Path, number: int, position: int) -> DataDirectoryError:
    return DataDirectoryError(
        "a line is damaged, and lines of later edits follow it",
        place=f"{part}, line {number} (byte {position})",
        mend=_RESTORE,
    )


def _missing(part: Path, expected: int, found: int) -> DataDirectoryError:
    return DataDirectoryError(
        f"edit {expected} is missing: edit {found} stands in its place", place=str(part), mend=_RESTORE
    )
