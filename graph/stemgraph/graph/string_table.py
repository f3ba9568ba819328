"""A column of strings in two memory-mapped arrays: the UTF-8 bytes, and where each string begins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray


class StringTable(Sequence[str]):
    """Strings by number, decoded when asked for; opening one reads nothing."""

    def __init__(self, text: NDArray[np.uint8], offsets: NDArray[np.int64]) -> None:
        self._text = text.data
        self._offsets = offsets

    @classmethod
    def from_strings(cls, strings: Sequence[str]) -> StringTable:
        """The table of these strings, in this order."""
        encoded = [each.encode() for each in strings]
        offsets = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded)), out=offsets[1:])
        return cls(np.frombuffer(b"".join(encoded), dtype=np.uint8), offsets)

    @classmethod
    def open(cls, directory: Path, name: str) -> StringTable:
        """The table that ``write`` left in a directory, memory-mapped."""
        return cls(
            load_mapped(directory / f"{name}.text.npy"), load_mapped(directory / f"{name}.offsets.npy")
        )

    def picked(self, numbers: NDArray[Any], others: Sequence[str] = ()) -> StringTable:
        """The strings of these numbers, in this order; below 0, the complement of a place in ``others``."""
        more = StringTable.from_strings(others)
        known = len(self)
        text = np.concatenate((np.frombuffer(self._text, np.uint8), np.frombuffer(more._text, np.uint8)))
        ends = self._offsets[-1] + more._offsets[1:]
        offsets = np.concatenate((self._offsets, ends))
        chosen = np.where(numbers < 0, known + ~numbers, numbers)
        starts, lengths = offsets[chosen], np.diff(offsets)[chosen]
        picked = np.zeros(len(chosen) + 1, dtype=np.int64)
        np.cumsum(lengths, out=picked[1:])
        places: NDArray[np.int64] = np.arange(int(picked[-1])) + np.repeat(starts - picked[:-1], lengths)
        return StringTable(text[places], picked)

    def write(self, directory: Path, name: str) -> None:
        """Write the table's two arrays to a directory."""
        np.save(directory / f"{name}.text.npy", np.frombuffer(self._text, dtype=np.uint8))
        np.save(directory / f"{name}.offsets.npy", self._offsets)

    def find(self, string: str) -> int | None:
        """The number of a string in a table whose strings are sorted, or None."""
        number = bisect_left(self, string)
        return number if number < len(self) and self[number] == string else None

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        return str(self._text[self._offsets[index] : self._offsets[index + 1]], "utf-8")

    def __iter__(self) -> Iterator[str]:
        offsets: list[int] = self._offsets.tolist()
        for start, stop in pairwise(offsets):
            yield str(self._text[start:stop], "utf-8")


def load_mapped(file: Path) -> NDArray[Any]:
    """A saved array, memory-mapped, as a plain ndarray: slicing a ``numpy.memmap`` costs ten times more."""
    mapped: NDArray[Any] = np.load(file, mmap_mode="r")
    return np.asarray(mapped)
