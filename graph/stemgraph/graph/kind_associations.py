"""What is stated of the kinds of an entity: the strongest and nearest of it, beside a page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, overload

import orjson

from stemgraph.graph.association_filter import passing_rows
from stemgraph.graph.kinds import MOST_STATEMENTS
from stemgraph.graph.model import Association, Record

if TYPE_CHECKING:
    from stemgraph.graph.association_query import AssociationQuery
    from stemgraph.graph.kinds import Kinds, KindStatement
    from stemgraph.graph.records import MappedRecords

MOST_SHOWN: Final = 20
"""Associations that are given, however many there are."""


class KindAssociations(Sequence[Association]):
    """Associations of the kinds of an entity, each with its way up to the entity in ``inherited``.

    Little is stated of multiple sclerosis at large; what was looked for may be stated of its
    relapsing-remitting form. Predicates of the treats ladder come first, the strongest before the weaker,
    and then what is nearest.

    Args:
        records: The release.
        kinds: What is stated of the kinds of its entities.
        query: A checked query of one entity; its filters hold here too.
    """

    def __init__(self, records: MappedRecords, kinds: Kinds, query: AssociationQuery) -> None:
        entity = records.entity_row(query.entity or "")
        assert entity is not None  # noqa: S101  # only queries of an entity that is there have any
        self._records = records
        self._kinds = kinds
        self._entity = entity
        self._query = query
        found, self.complete = kinds.of(entity)
        kept = self._kept(found, query)
        self.total = len(kept)
        """How many there are."""
        most = MOST_SHOWN if query.limit is None else min(query.limit, MOST_SHOWN)
        self._shown = kept[:most]

    @property
    def query(self) -> AssociationQuery:
        """Finds all of them, and what is inherited from what the entity is a kind of: with closure."""
        return replace(self._query, closure=True, cursor=None)

    @property
    def reason(self) -> str | None:
        """Why there may be more than ``total``."""
        if self.complete:
            return None
        return f"only {MOST_STATEMENTS:,} statements of the nearest kinds were looked at"

    @property
    def has_more(self) -> bool:
        """Whether there are others than these."""
        return self.total > len(self) or not self.complete

    def __len__(self) -> int:
        return len(self._shown)

    @overload
    def __getitem__(self, index: int) -> Association: ...
    @overload
    def __getitem__(self, index: slice) -> list[Association]: ...
    def __getitem__(self, index: int | slice) -> Association | list[Association]:
        if isinstance(index, slice):
            return list(map(self._association, self._shown[index]))
        return self._association(self._shown[index])

    def __iter__(self) -> Iterator[Association]:
        return map(self._association, self._shown)

    def to_json(self, *, more: str | None = None) -> bytes:
        """``{items, total, complete, reason, more}`` as JSON; ``more`` is where to find the others."""
        rest = orjson.dumps(
            {"total": self.total, "complete": self.complete, "reason": self.reason, "more": more}
        )
        return b'{"items":[%b],%b' % (
            b",".join(self._kinds.line(each, self._entity) for each in self._shown),
            rest[1:],
        )

    def to_record(self) -> Record:
        """``{items, total, complete, reason}``."""
        return {
            "items": [each.to_record() for each in self],
            "total": self.total,
            "complete": self.complete,
            "reason": self.reason,
        }

    def _kept(self, found: Sequence[KindStatement], query: AssociationQuery) -> Sequence[KindStatement]:
        """Those that pass the filters of the query, in their order."""
        rows = [each.row for each in found]
        passing = passing_rows(self._records, query, rows)
        kept = found if len(passing) == len(rows) else _of_rows(found, set(passing))
        if query.category is None:
            return kept
        bit = 1 << self._records.names["category"].index(query.category)
        category = self._records.column("category").values
        return [each for each in kept if category[each.rule.other[each.row]] & bit]

    def _association(self, statement: KindStatement) -> Association:
        return self._kinds.association(statement, self._entity)


def _of_rows(found: Sequence[KindStatement], rows: set[int]) -> list[KindStatement]:
    return [each for each in found if each.row in rows]
