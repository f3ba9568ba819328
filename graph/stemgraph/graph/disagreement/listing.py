"""A page of conflicts, chosen by entity, predicate and kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stemgraph.graph.association_query import LARGEST_PAGE, check_word
from stemgraph.graph.cursor import decode_cursor, encode_cursor
from stemgraph.graph.disagreement.conflict import KINDS, Conflict, Conflicts
from stemgraph.graph.errors import BadRequestError, CursorError, UnknownPredicateError


@dataclass(frozen=True, slots=True)
class ConflictQuery:
    """A filter of conflicts; what is None filters nothing, and without a limit all are on one page."""

    entity: str | None = None
    predicate: str | None = None
    kind: str | None = None
    limit: int | None = 50
    cursor: str | None = None

    def checked(self, known: Mapping[str, list[str]]) -> ConflictQuery:
        """The query itself, once each value is found in its vocabulary.

        Raises:
            UnknownPredicateError: Not one of the predicates.
            BadRequestError: Not one of the kinds, or a limit outside 1 to 200.
        """
        if self.predicate is not None:
            check_word("predicate", self.predicate, known["predicate"], UnknownPredicateError)
        if self.kind is not None:
            check_word("kind", self.kind, KINDS, BadRequestError)
        if self.limit is not None and not 1 <= self.limit <= LARGEST_PAGE:
            raise BadRequestError(f"{self.limit} is not from 1 to {LARGEST_PAGE}", place="limit")
        return self

    @property
    def key(self) -> str:
        """What the query asks for, apart from the page."""
        return repr(("conflicts", self.entity, self.predicate, self.kind))

    def admits(self, conflict: Conflict) -> bool:
        """Whether a conflict is asked for."""
        if self.kind is not None and conflict.kind != self.kind:
            return False
        if self.predicate is not None and self.predicate not in conflict.predicates:
            return False
        return self.entity is None or any(
            self.entity in {each.subject.id, each.object.id} for each in conflict.associations
        )


def list_conflicts(
    found: Sequence[Conflict], query: ConflictQuery, release: str, *, complete: bool, budget_ms: int
) -> Conflicts:
    """The page of a checked query.

    Raises:
        CursorError: The cursor is garbled or belongs to another query or release.
    """
    chosen = [each for each in found if query.admits(each)]
    start = decode_cursor(query.cursor, query.key, release) if query.cursor else 0
    if start > len(chosen):
        raise CursorError("the cursor is past the end", place="cursor", mend="ask for the first page again")
    end = len(chosen) if query.limit is None else min(start + query.limit, len(chosen))
    return Conflicts(
        tuple(chosen[start:end]),
        len(chosen),
        encode_cursor(query.key, release, end) if end < len(chosen) else None,
        complete=complete,
        reason=None if complete else f"the time budget of {budget_ms} ms ended the search",
    )
