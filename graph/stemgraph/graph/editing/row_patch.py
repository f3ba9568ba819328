"""Taking rows out of columns and putting others in, all in one step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stemgraph.graph.lines import Lines, PatchedLines


@dataclass(frozen=True, slots=True, eq=False)
class RowPatch:
    """Which rows go, and where new ones come in.

    Args:
        count: Number of rows before.
        removed: The rows that go, ascending.
        places: For each new row, before which of the rows that stay it comes; ascending.
    """

    count: int
    removed: NDArray[np.int64]
    places: NDArray[np.int64]

    @classmethod
    def of(cls, count: int, removed: list[int], places: list[int]) -> RowPatch:
        """The patch that these rows and places make."""
        return cls(count, np.array(sorted(removed), np.int64), np.array(places, np.int64))

    @property
    def is_empty(self) -> bool:
        """Whether every row stays in its place."""
        return not len(self.removed) and not len(self.places)

    def apply(self, column: NDArray[Any], values: NDArray[Any] | list[Any]) -> NDArray[Any]:
        """The column with the new rows' values."""
        if self.is_empty:
            return column
        return np.insert(np.delete(column, self.removed), self.places, np.array(values, column.dtype))

    def moved(self) -> NDArray[np.int32]:
        """The new row of each row, -1 where it went."""
        kept = np.delete(np.arange(self.count), self.removed)
        positions = np.arange(len(kept))
        rows = np.full(self.count, -1, np.int32)
        rows[kept] = positions + np.searchsorted(self.places, positions, side="right")
        return rows

    def added(self) -> NDArray[np.int64]:
        """The rows of what is new."""
        return self.places + np.arange(len(self.places))


def patch_lines(
    lines: Lines, patch: RowPatch, added: list[bytes], replaced: dict[int, bytes]
) -> PatchedLines:
    """Lines after a patch.

    Args:
        lines: Those before it.
        patch: The rows that go and come.
        added: The new rows' lines.
        replaced: By row before the patch, lines that take the place of others.
    """
    if isinstance(lines, PatchedLines):
        base, origin, own = lines.base, lines.origin.copy(), list(lines.own)
    else:
        base, origin, own = lines, np.arange(len(lines), dtype=np.int32), []
    for row, line in replaced.items():
        origin[row] = ~len(own)
        own.append(line)
    numbers = [~(len(own) + number) for number in range(len(added))]
    origin = patch.apply(origin, numbers)
    return _without_unused(base, origin, [*own, *added])


def _without_unused(base: Lines, origin: NDArray[np.int32], own: list[bytes]) -> PatchedLines:
    """Let go of the lines that no row has any more."""
    rows = np.flatnonzero(origin < 0)
    if len(rows) < len(own):
        own = [own[~number] for number in origin[rows].tolist()]
        origin[rows] = ~np.arange(len(rows), dtype=np.int32)
    return PatchedLines(base, np.ascontiguousarray(origin), own)
