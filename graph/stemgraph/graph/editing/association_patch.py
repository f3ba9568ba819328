"""The associations of an edition: their lines, columns and orders, with those that were touched in place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from stemgraph.graph.editing.qualifier_bits import QualifierBits
from stemgraph.graph.editing.regathering import Regathered
from stemgraph.graph.editing.row_patch import RowPatch, patch_lines
from stemgraph.graph.gathering import AssociationDraft
from stemgraph.graph.lines import PatchedLines
from stemgraph.graph.records import MappedRecords
from stemgraph.graph.shaping import Shaping
from stemgraph.graph.writing import CURATED_SOURCES, predicate_order, reading_order, sort_key

Columns = dict[str, NDArray[Any]]

_QUALIFIERS: Final = ("jurisdiction", "donor_type")


class AssociationPatch:
    """The associations after an edit.

    Args:
        records: As they were before the edit.
        shaping: Gives the records of those that are there after it.
        found: What the edit touched.
    """

    def __init__(self, records: MappedRecords, shaping: Shaping, found: Regathered) -> None:
        self._records = records
        self._lean = lean = found.ledger.lean
        self._shaping = shaping
        tally = found.ledger.tally
        drafts = {draft.id: draft for draft in found.gathering.associations}
        removed: list[int] = []
        kept: list[AssociationDraft] = []
        self._own: dict[str, bytes] = {}
        for curie in found.associations:
            row, draft = records.association_row(curie), drafts.get(curie)
            old = None if row is None else records.association_bytes(row)
            new = None if draft is None else shaping.association_line(draft)
            if old == new and (row is None or draft is None or bool(lean[row]) == (draft.details is None)):
                continue
            if row is not None and old is not None:
                removed.append(row)
                tally.count_association(orjson.loads(old), -1)
            if draft is not None and new is not None:
                kept.append(draft)
                self._own[curie] = new
                tally.count_association(orjson.loads(new), 1)
        self._removed = np.array(sorted(removed), np.int64)
        self._kept = np.delete(np.arange(records.association_count), self._removed)
        self.predicates = predicate_order({*self._used("predicate"), *(draft.predicate for draft in kept)})
        rank = {name: index for index, name in enumerate(self.predicates)}
        self.drafts = sorted(kept, key=lambda draft: reading_order(draft, rank))
        self.rows = RowPatch.of(records.association_count, removed, self._places(rank))

    def lines(self) -> PatchedLines:
        """The associations' lines, in reading order."""
        added = [self._own[draft.id] for draft in self.drafts]
        return patch_lines(self._records.association_lines, self.rows, added, {})

    def lean(self) -> NDArray[np.bool_]:
        """By row, whether an association leaves its standing to its source."""
        return self.rows.apply(self._lean, [draft.details is None for draft in self.drafts])

    def columns(
        self, entities: RowPatch, entity_row: Callable[[str], int]
    ) -> tuple[Columns, dict[str, list[str]]]:
        """Every column of the associations, and the names behind the integers.

        Args:
            entities: What the edit did to the rows of entities.
            entity_row: Gives the row of an entity after the edit.
        """
        shaping, drafts = self._shaping, self.drafts
        standing = [shaping.standing(draft) for draft in drafts]
        sources = sorted({*self._used("source"), *(draft.source for draft in drafts)})
        by_source = {shaping.source_standing(name)["status"] for name in sources}
        statuses = sorted({*self._used("status"), *by_source, *(each["status"] for each in standing)})
        columns: Columns = {
            "predicate": self._coded("predicate", self.predicates, [draft.predicate for draft in drafts]),
            "source": self._coded("source", sources, [draft.source for draft in drafts]),
            "status": self._coded("status", statuses, [each["status"] for each in standing]),
            "negated": self._column("negated", [each["negated"] for each in standing]),
            "support": self._column("support", list(map(shaping.support, drafts))),
            "refuted": self._column("refuted", list(map(shaping.is_refuted, drafts))),
        }
        moved = None if entities.is_empty else entities.moved()
        for name in ("subject", "object"):
            column = self._records.column(name).array
            ends = [entity_row(getattr(draft, name)) for draft in drafts]
            columns[name] = self.rows.apply(column if moved is None else moved[column], ends)
        names = {"predicate": self.predicates, "status": statuses, "source": sources}
        names["category"] = self._records.names["category"]
        for name in _QUALIFIERS:
            bits = QualifierBits(self._records, name, self._kept, ~self._lean)
            values = [each.get("qualifiers", {}).get(name) for each in standing]
            names[name], columns[name] = bits.patched(self.rows, values)
        return columns, names

    def order(self, lines: PatchedLines) -> NDArray[np.int32]:
        """Association rows by CURIE."""
        before = self._records.association_order.array
        if self.rows.is_empty:
            return before
        moved = self.rows.moved()[before]
        order = moved[moved >= 0]

        def key(row: int) -> bytes:
            return sort_key(lines.identifier(row))

        added = sorted(self.rows.added().tolist(), key=key)
        places = [bisect_left(order, key(row), key=key) for row in added]
        return np.insert(order, places, np.array(added, np.int32))

    def _used(self, name: str) -> list[str]:
        """The names in use by what stays."""
        names = self._records.names[name]
        column = self._records.column(name).array
        counts = np.bincount(column, minlength=len(names))
        counts -= np.bincount(column[self._removed], minlength=len(names))
        return [names[code] for code in np.flatnonzero(counts)]

    def _places(self, rank: Mapping[str, int]) -> list[int]:
        """Before which of the rows that stay each new one comes."""
        records, lean = self._records, self._lean
        sources, predicates = records.names["source"], records.names["predicate"]

        def key(row: int) -> tuple[bool, bool, int, str, str, str]:
            return (
                sources[records.column("source")[row]] not in CURATED_SOURCES,
                bool(lean[row]),
                rank[predicates[records.column("predicate")[row]]],
                records.entity_id(records.column("subject")[row]),
                records.entity_id(records.column("object")[row]),
                records.association_id(row),
            )

        kept: Sequence[int] = self._kept  # type: ignore[assignment]  # an array is searched as a list is
        return [bisect_left(kept, reading_order(draft, rank), key=key) for draft in self.drafts]

    def _column(self, name: str, values: Collection[Any]) -> NDArray[Any]:
        return self.rows.apply(self._records.column(name).array, list(values))

    def _coded(self, name: str, names: list[str], values: Iterable[str]) -> NDArray[Any]:
        """A column of codes, by new names."""
        code = {each: index for index, each in enumerate(names)}
        before = self._records.names[name]
        column = self._records.column(name).array
        if before != names:
            column = np.array([code.get(each, -1) for each in before], np.int32)[column]
        return self.rows.apply(column, [code[each] for each in values])
