"""The questions about how things are connected, as methods of the knowledge graph."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, cast

from stemgraph.graph.errors import BadRequestError

if TYPE_CHECKING:
    from stemgraph.graph.disagreement.conflict import Conflict, Conflicts
    from stemgraph.graph.knowledge_graph import KnowledgeGraph
    from stemgraph.graph.lineage.index import LineageIndex
    from stemgraph.graph.lineage.lineage import Lineage
    from stemgraph.graph.paths import Paths

# Imports inside methods: see knowledge_graph.
# ruff: noqa: PLC0415


class ConnectionQuestions:
    """What a knowledge graph answers about paths, lineages and disagreements."""

    _known_conflicts: list[Conflict] | None = None

    def paths(
        self,
        source: str,
        target: str | None = None,
        *,
        max_hops: int = 4,
        k: int = 3,
        budget_ms: int = 500,
        predicates: Collection[str] | None = None,
        direction: str = "any",
        via: Sequence[str] = (),
    ) -> Paths:
        """The best paths between two entities, each step explained; ranked as the documentation says.

        With ``via`` the predicates of the steps are given in order, as in ``["corrects_gene",
        "^has_causal_gene", "^treats"]``: from a product to its gene, the diseases of that gene and what
        treats them. Without a target, the best path to each entity that can be reached so is given; without
        both, that to each entity at one step.

        Args:
            source: Where paths begin.
            target: Where they end.
            max_hops: Most steps, at most 8.
            k: Most paths, at most 50.
            budget_ms: Time after which what has been found is given, with ``complete`` False.
            predicates: Only along these.
            direction: ``any``; ``forward``, only from subject to object; or ``backward``.
            via: A predicate for each step, ``^`` before it for backward, ``|`` between several.

        Raises:
            UnknownIdentifierError: One of the two is not in this release.
            MalformedIdentifierError: One of the two is neither CURIE nor IRI.
            UnknownPredicateError: Not one of the predicates.
            BadRequestError: A number is out of range, or parameters do not go together.
        """
        from stemgraph.graph.paths import find_paths

        graph = self._graph
        return find_paths(
            graph.view,
            graph.entity(source).id,
            None if target is None else graph.entity(target).id,
            max_hops=max_hops,
            k=k,
            budget_ms=budget_ms,
            predicates=predicates,
            direction=direction,
            via=via,
            association_at=graph.records.association_at,
        )

    def lineage(
        self,
        cell: str | None = None,
        *,
        start: str | None = None,
        end: str | None = None,
        limit: int = 200,
    ) -> Lineage:
        """How a cell develops: what it comes from and what comes from it; or every way between two cells.

        It is followed back to the hematopoietic stem cell and no further.

        Args:
            cell: A cell type; or
            start: one of two cells, and
            end: the other, whichever is the earlier.
            limit: Most cells; the nearest are given.

        Raises:
            UnknownIdentifierError: A cell is not in this release.
            MalformedIdentifierError: A cell is neither CURIE nor IRI.
            BadRequestError: Neither one cell nor two are given, one is no cell, or the limit is out of range.
        """
        from stemgraph.graph.lineage.lineage import lineage_between, lineage_of

        if (cell is None) == (start is None) or (start is None) != (end is None):
            raise BadRequestError(
                "either a cell is asked for, or the way between two",
                place="cell",
                mend="give cell, or the two ends",
            )
        if cell is not None:
            return lineage_of(self._lineages, self._cell_row(cell, "cell"), limit=limit)
        ends = (self._cell_row(str(named), place) for named, place in ((start, "from"), (end, "to")))
        return lineage_between(self._lineages, *ends, limit=limit)

    def conflicts(
        self,
        entity: str | None = None,
        predicate: str | None = None,
        *,
        kind: str | None = None,
        limit: int | None = 50,
        cursor: str | None = None,
        budget_ms: int = 2_000,
    ) -> Conflicts:
        """Claims with what is stated for them and against them, and the qualifiers that separate the two.

        Args:
            entity: Only with this entity in one of the statements.
            predicate: Only with a statement of this predicate.
            kind: Only of this kind; see ``disagreement.conflict.KINDS``.
            limit: Most of a page; all without.
            cursor: The ``next_cursor`` of the page before.
            budget_ms: Time after which what has been found is given, with ``complete`` False.

        Raises:
            UnknownIdentifierError: The entity is not in this release.
            MalformedIdentifierError: The entity is neither CURIE nor IRI.
            UnknownPredicateError: Not one of the predicates.
            BadRequestError: The kind or the limit is out of range.
            CursorError: The cursor is garbled or belongs to another query or release.
        """
        from stemgraph.graph.disagreement.listing import ConflictQuery, list_conflicts

        graph = self._graph
        asked = ConflictQuery(
            None if entity is None else graph.entity(entity).id, predicate, kind, limit, cursor
        ).checked(graph.records.names)
        found, complete = self._conflicts(budget_ms)
        return list_conflicts(found, asked, graph.edition.digest, complete=complete, budget_ms=budget_ms)

    def _conflicts(self, budget_ms: int) -> tuple[list[Conflict], bool]:
        """Every conflict of the release, worked out once, and whether time sufficed for it."""
        from stemgraph.graph.disagreement.finding import ConflictSearch

        if self._known_conflicts is None:
            index = self._graph.closure_index
            search = ConflictSearch(index, deadline=perf_counter() + budget_ms / 1000)
            found = search.conflicts()
            if not search.complete:
                return found, False
            self._known_conflicts = found
        return self._known_conflicts, True

    @cached_property
    def _lineages(self) -> LineageIndex:
        from stemgraph.graph.lineage.index import LineageIndex

        graph = self._graph
        versions = {str(each["name"]): str(each.get("version", "")) for each in graph.release.sources}
        return LineageIndex.of(graph.records, versions)

    def _cell_row(self, named: str, place: str) -> int:
        entity = self._graph.entity(named)
        if "cell_type" not in entity.categories:
            raise BadRequestError(
                f"{entity.id} ({entity.label}) is no cell type", place=place, mend="name a cell type"
            )
        row = self._graph.records.entity_row(entity.id)
        assert row is not None  # noqa: S101  # the entity has just been read
        return row

    @property
    def _graph(self) -> KnowledgeGraph:
        return cast("KnowledgeGraph", self)
