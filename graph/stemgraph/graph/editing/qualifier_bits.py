"""A qualifier's column of an edition: one bit for each value, as many as there are bits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

import numpy as np
import orjson
from numpy.typing import NDArray

from stemgraph.graph.editing.row_patch import RowPatch
from stemgraph.graph.gathering import Reference
from stemgraph.graph.records import MappedRecords
from stemgraph.graph.writing import MOST_VALUES, as_list, value_bits


class QualifierBits:
    """The values of a qualifier before an edit, of the associations that stay.

    Args:
        records: As they were before the edit.
        name: The qualifier.
        kept: The rows that stay.
        detailed: By row, whether an association may have qualifiers.
    """

    def __init__(
        self, records: MappedRecords, name: str, kept: NDArray[np.int64], detailed: NDArray[np.bool_]
    ) -> None:
        self._records = records
        self._name = name
        self._kept = kept
        self._detailed = detailed
        self._names = records.names[name]
        self._column: NDArray[np.int64] = records.column(name).array

    def patched(self, rows: RowPatch, values: Sequence[Any]) -> tuple[list[str], NDArray[np.int64]]:
        """The names and the column after the edit, given the value of each new row."""
        used = int(np.bitwise_or.reduce(self._column[self._kept], initial=0))
        names = {name for index, name in enumerate(self._names) if used >> index & 1}
        names.update(each for value in values for each in as_list(value))
        # Of so many values, some may have no bit and be known by the records alone.
        crowded = max(len(names), len(self._names)) >= MOST_VALUES
        if crowded:
            names.update(each for _, value in self._stated() for each in as_list(value))
        kept = sorted(names)[:MOST_VALUES]
        column = self._read(kept) if crowded else self._recoded(kept)
        return kept, rows.apply(column, [value_bits(value, kept) for value in values])

    def _recoded(self, names: list[str]) -> NDArray[np.int64]:
        if names == self._names:
            return self._column
        column = np.zeros_like(self._column)
        for index, name in enumerate(self._names):
            if name in names:
                column |= (self._column >> index & 1) << names.index(name)
        return column

    def _read(self, names: list[str]) -> NDArray[np.int64]:
        column = np.zeros_like(self._column)
        for row, value in self._stated():
            column[row] = value_bits(value, names)
        return column

    def _stated(self) -> Iterable[tuple[int, Any]]:
        """Each row that stays and has the qualifier, with its value as it was gathered."""
        for row in self._kept[self._detailed[self._kept]].tolist():
            value = orjson.loads(self._records.association_bytes(row))["qualifiers"].get(self._name)
            if value is not None:
                yield row, _gathered(value)


def _gathered(value: object) -> object:
    if isinstance(value, list):
        return [_gathered(each) for each in cast("list[object]", value)]
    return Reference(str(cast("dict[str, object]", value)["id"])) if isinstance(value, dict) else value
