"""A page of associations: a sequence of them, or their JSON bytes without decoding any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, overload

from stemgraph.graph.association_filter import matching_rows
from stemgraph.graph.association_query import AssociationQuery
from stemgraph.graph.cursor import decode_cursor, encode_cursor
from stemgraph.graph.errors import CursorError
from stemgraph.graph.model import Association, Record

if TYPE_CHECKING:
    import networkx
    import pandas as pd
    import polars as pl
    import rdflib

    from stemgraph.graph.frames import Table
    from stemgraph.graph.kind_associations import KindAssociations
    from stemgraph.graph.kinds import Kinds
    from stemgraph.graph.records import MappedRecords

# Imports inside methods: a page of bytes must not wait for pandas, polars, networkx or rdflib.
# ruff: noqa: PLC0415


class Associations(Sequence[Association]):
    """One page of the associations that a query found, and how many there are in all.

    Indexing and iterating give the page; ``all()`` gives every association of the query.
    """

    def __init__(
        self,
        records: MappedRecords,
        query: AssociationQuery,
        release: str,
        *,
        found: Sequence[int] | None = None,
        kinds: Kinds | None = None,
    ) -> None:
        self._records = records
        self._kinds = kinds
        self._found = matching_rows(records, query) if found is None else found
        self.query = query
        self.total = len(self._found)
        start = decode_cursor(query.cursor, query.key, release) if query.cursor else 0
        if start > self.total:
            raise CursorError(
                "the cursor is past the end", place="cursor", mend="ask for the first page again"
            )
        end = self.total if query.limit is None else min(start + query.limit, self.total)
        self.start = start
        """How many associations come before the page."""
        self._rows = self._found[start:end]
        self.next_cursor = encode_cursor(query.key, release, end) if end < self.total else None

    @cached_property
    def of_kinds(self) -> KindAssociations | None:
        """What is stated of the kinds of the entity that was asked for, the strongest and nearest of it.

        None where no entity is asked for, at either end; and with closure, which has it among the rest.
        """
        from stemgraph.graph.kind_associations import KindAssociations

        if self._kinds is None or self.query.entity is None:
            return None
        return KindAssociations(self._records, self._kinds, self.query)

    @property
    def complete(self) -> bool:
        """Whether a time budget, where there is one, sufficed to find all."""
        return True

    @property
    def found_rows(self) -> Sequence[int]:
        """The rows of every association that was found, whatever the page."""
        return self._found

    @property
    def rows(self) -> Sequence[int]:
        """The rows of the page in the release's records."""
        return self._rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Association: ...
    @overload
    def __getitem__(self, index: slice) -> list[Association]: ...
    def __getitem__(self, index: int | slice) -> Association | list[Association]:
        if isinstance(index, slice):
            return [self._records.association_at(row) for row in self._rows[index]]
        return self._records.association_at(self._rows[index])

    def __iter__(self) -> Iterator[Association]:
        return map(self._records.association_at, self._rows)

    def all(self) -> Iterator[Association]:
        """Every association that the query found, from the first, whatever the page."""
        return map(self._records.association_at, self._found)

    def bytes(self) -> bytes:
        """The page as JSON, ``{items, total, next_cursor}``."""
        lines = self._records.association_lines
        items = b",".join([lines[row] for row in self._rows])
        cursor = "null" if self.next_cursor is None else f'"{self.next_cursor}"'
        return b'{"items":[%b],"total":%d,"next_cursor":%b}' % (items, self.total, cursor.encode())

    def to_record(self) -> Record:
        """The page as ``{items, total, next_cursor}``."""
        return {
            "items": [each.to_record() for each in self],
            "total": self.total,
            "next_cursor": self.next_cursor,
        }

    def to_pandas(self, table: Table = "associations") -> pd.DataFrame:
        """The page as a DataFrame, a row for each association; or for each piece of evidence.

        Raises:
            StemgraphError: pandas is not installed.
        """
        from stemgraph.graph.frames import to_pandas

        return to_pandas(self, table)

    def to_polars(self, table: Table = "associations") -> pl.DataFrame:
        """The page as a polars DataFrame; as ``to_pandas``.

        Raises:
            StemgraphError: polars is not installed.
        """
        from stemgraph.graph.frames import to_polars

        return to_polars(self, table)

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """The page as a graph of its own, keyed by association id; negated associations are left out."""
        from stemgraph.graph.networkx_view import ReadOnlyMultiDiGraph
        from stemgraph.graph.view import GraphView
        from stemgraph.graph.view_columns import ViewColumns

        view = GraphView.from_columns(ViewColumns.from_associations(list(self)))
        return ReadOnlyMultiDiGraph(view).copy()

    def to_rdf(self) -> rdflib.Dataset:
        """The page as an rdflib Dataset of your own: associations, evidence, triples and the ends."""
        from stemgraph.graph.rdf_dataset import dataset_of

        return dataset_of(self, self._records)

    def _repr_html_(self) -> str:
        from stemgraph.graph.notebook import associations_html

        return associations_html(self, self.total)
