"""JSON lines by row: those of a compiled release, and those of one that was edited since."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stemgraph.graph.columns import Column, map_file
from stemgraph.graph.errors import DataDirectoryError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BEFORE_ID: Final = len('{"id":"')


class Lines(ABC):
    """Records that begin with their id: ``lines[row]`` are the bytes of one."""

    @abstractmethod
    def __len__(self) -> int:
        """Number of rows."""

    @abstractmethod
    def __getitem__(self, row: int) -> bytes:
        """The record in a row."""

    @abstractmethod
    def key(self, row: int, length: int) -> bytes:
        """The first bytes of the identifier in a row."""

    @abstractmethod
    def identifier(self, row: int) -> str:
        """The identifier in a row."""

    def row_of(self, identifier: str) -> int | None:
        """The row of an identifier, where rows are sorted by it."""
        wanted = identifier.encode() + b'"'
        row = self.first_from(wanted)
        return row if row < len(self) and self.key(row, len(wanted)) == wanted else None

    def first_from(self, wanted: bytes) -> int:
        """The first row whose identifier and its quotation mark are not before these bytes, if sorted."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.key(middle, len(wanted)) < wanted:
                low = middle + 1
            else:
                high = middle
        return low


class MappedLines(Lines):
    """The lines of a release and their offsets, memory-mapped.

    Raises:
        DataDirectoryError: A file is missing, unreadable or cut short.
    """

    def __init__(self, directory: Path, name: str) -> None:
        self._place = directory, name
        path = directory / f"{name}.jsonl"
        self._memory = map_file(path)
        self._offsets = Column(directory / f"{name}.offsets.npy").values
        if self._offsets[-1] != len(self._memory):
            raise DataDirectoryError("is cut short", place=str(path), mend="compile the release again")

    def __reduce__(self) -> tuple[type[MappedLines], tuple[Path, str]]:
        """Another process maps the same files."""
        return MappedLines, self._place

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, row: int) -> bytes:
        return self._memory[self._offsets[row] : self._offsets[row + 1] - 1]

    def key(self, row: int, length: int) -> bytes:
        """The first bytes of the identifier in a row."""
        start = self._offsets[row] + _BEFORE_ID
        return self._memory[start : start + length]

    def identifier(self, row: int) -> str:
        """The identifier in a row."""
        start = self._offsets[row] + _BEFORE_ID
        return self._memory[start : self._memory.find(b'"', start)].decode()


class PatchedLines(Lines):
    """Lines of which some have been replaced, added or taken out.

    Args:
        base: The lines of the release.
        origin: By row, the row in the release; or, below 0, the complement of a place in ``own``.
        own: The lines that the release does not have.
    """

    def __init__(self, base: Lines, origin: NDArray[np.int32], own: Sequence[bytes]) -> None:
        self.base = base
        self.origin = origin
        self.own = own
        self._origin: memoryview[int] = origin.data

    def __reduce__(self) -> tuple[type[PatchedLines], tuple[Lines, NDArray[np.int32], Sequence[bytes]]]:
        """Another process gets its own copy of what is not in the release."""
        return PatchedLines, (self.base, self.origin, self.own)

    def __len__(self) -> int:
        return len(self._origin)

    def __getitem__(self, row: int) -> bytes:
        origin: int = self._origin[row]
        return self.base[origin] if origin >= 0 else self.own[~origin]

    def key(self, row: int, length: int) -> bytes:
        """The first bytes of the identifier in a row."""
        origin: int = self._origin[row]
        if origin >= 0:
            return self.base.key(origin, length)
        return self.own[~origin][_BEFORE_ID : _BEFORE_ID + length]

    def identifier(self, row: int) -> str:
        """The identifier in a row."""
        origin: int = self._origin[row]
        if origin >= 0:
            return self.base.identifier(origin)
        line = self.own[~origin]
        return line[_BEFORE_ID : line.index(b'"', _BEFORE_ID)].decode()
