"""The name index of an edition: that of its release, beside a small one of what was edited since."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import orjson
import tantivy

from stemgraph.graph.editing.patched_records import PatchedRecords
from stemgraph.graph.search import LabelIndex, count_of, facets_of, index_labels, rows_of


class PatchedLabels(LabelIndex):
    """Finds entities by name as if all were in one index.

    What the release's index finds of entities that were edited or have gone is left out, and what the index
    of the edited ones finds is put in between, by score.

    Args:
        directory: The release's name index.
        records: The edition's records.
    """

    def __init__(self, directory: Path, records: PatchedRecords) -> None:
        super().__init__(directory, records)
        lines = records.patched_entities
        rows = np.full(len(lines.base), -1, np.int64)
        same = np.flatnonzero(lines.origin >= 0)
        rows[lines.origin[same]] = same
        self._row_now: list[int] = rows.tolist()
        gone, own = np.flatnonzero(rows < 0).tolist(), np.flatnonzero(lines.origin < 0).tolist()
        self._gone_count = len(gone)
        self._gone = index_labels((row, orjson.loads(lines.base[row])) for row in gone).searcher()
        self._own = index_labels((row, orjson.loads(lines[row])) for row in own).searcher()

    def _count(self, query: tantivy.Query) -> int:
        return super()._count(query) - count_of(self._gone, query) + count_of(self._own, query)

    def _facets(self, query: tantivy.Query) -> dict[str, int]:
        counted = Counter(super()._facets(query))
        counted.subtract(facets_of(self._gone, query))
        counted.update(facets_of(self._own, query))
        return dict((+counted).most_common())

    def _rows(self, query: tantivy.Query, limit: int, offset: int) -> list[int]:
        wanted = offset + limit
        found = [
            (score, self._row_now[row])
            for score, row in rows_of(self._searcher, query, wanted + self._gone_count)
        ]
        found = [(score, row) for score, row in found if row >= 0]
        found += rows_of(self._own, query, wanted)
        found.sort(key=lambda hit: (-hit[0], hit[1]))
        return [row for _, row in found[offset:wanted]]
