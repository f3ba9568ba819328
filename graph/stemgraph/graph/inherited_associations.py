"""A page of associations found by closure: each says whether and how it is inherited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, overload

import orjson

from stemgraph.graph.associations import Associations
from stemgraph.graph.model import Association, Record

if TYPE_CHECKING:
    from stemgraph.graph.association_query import AssociationQuery
    from stemgraph.graph.closure import Closure


class InheritedAssociations(Associations):
    """As ``Associations``, the direct ones first; ``inherited`` of each tells the rule and the path.

    As RDF, what is inherited has its triples in the graph ``sgg:inferred`` besides.
    """

    def __init__(self, closure: Closure, query: AssociationQuery, release: str) -> None:
        super().__init__(closure.index.records, query, release, found=closure.rows.tolist())
        self.closure = closure

    @property
    def complete(self) -> bool:
        """Whether the time budget sufficed."""
        return self.closure.complete

    @overload
    def __getitem__(self, index: int) -> Association: ...
    @overload
    def __getitem__(self, index: slice) -> list[Association]: ...
    def __getitem__(self, index: int | slice) -> Association | list[Association]:
        positions = range(self.start, self.start + len(self))[index]
        return self._at(positions) if isinstance(positions, int) else list(map(self._at, positions))

    def __iter__(self) -> Iterator[Association]:
        return map(self._at, range(self.start, self.start + len(self)))

    def all(self) -> Iterator[Association]:
        """Every association that the query found, from the first, whatever the page."""
        return map(self._at, range(self.total))

    def bytes(self) -> bytes:
        """The page as JSON; ``inherited`` is null of what is stated of what was asked."""
        items = b",".join(_line(self, self.start + place) for place in range(len(self)))
        rest = orjson.dumps(
            {
                "total": self.total,
                "next_cursor": self.next_cursor,
                "complete": self.complete,
                "reason": self.closure.reason,
            }
        )
        return b'{"items":[%b],%b' % (items, rest[1:])

    def to_record(self) -> Record:
        """The page as ``{items, total, next_cursor, complete, reason}``."""
        record: Record = orjson.loads(self.bytes())
        return record

    def _at(self, position: int) -> Association:
        association = self._records.association_at(int(self.closure.rows[position]))
        inheritance = self.closure.inheritance(position, association)
        return association if inheritance is None else replace(association, inherited=inheritance)


def _line(page: InheritedAssociations, position: int) -> bytes:
    """The JSON record of the association at a position, with how it is inherited."""
    closure = page.closure
    record = closure.index.records.association_bytes(int(closure.rows[position]))
    inherited = b"null"
    if closure.is_inherited(position):
        found = page[position - page.start].inherited
        inherited = orjson.dumps(found.to_record()) if found is not None else inherited
    return b'%b,"inherited":%b}' % (record[:-1], inherited)
