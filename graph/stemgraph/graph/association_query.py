"""Which associations are asked for: a query, checked against the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, TypedDict

from stemgraph.graph.errors import (
    BadRequestError,
    StemgraphError,
    UnknownCategoryError,
    UnknownPredicateError,
)
from stemgraph.graph.suggestions import did_you_mean
from stemgraph.ontology import vocabulary
from stemgraph.ontology.identifiers import curie_of, normalise

LARGEST_PAGE: Final = 200


class Filters(TypedDict, total=False):
    """The fields of an ``AssociationQuery`` as keyword arguments."""

    subject: str | None
    predicate: str | tuple[str, ...] | None
    object: str | None
    entity: str | None
    category: str | None
    status: str | None
    source: str | None
    negated: bool | None
    jurisdiction: str | None
    donor_type: str | None
    limit: int | None
    cursor: str | None
    closure: bool
    groupings: bool


@dataclass(frozen=True, slots=True)
class AssociationQuery:
    """A filter of associations; what is None filters nothing.

    ``entity`` is either end. ``category`` is that of the end that was not asked for: the object's with
    ``subject``, the subject's with ``object``, the other end's with ``entity``, else either end's.
    ``limit`` None means all on one page.
    """

    subject: str | None = None
    predicate: str | tuple[str, ...] | None = None
    object: str | None = None
    entity: str | None = None
    category: str | None = None
    status: str | None = None
    source: str | None = None
    negated: bool | None = None
    jurisdiction: str | None = None
    donor_type: str | None = None
    limit: int | None = 50
    cursor: str | None = None
    closure: bool = False
    """Whether to find what is inherited as well, by the rules of closure."""
    groupings: bool = False
    """Whether closure may use the project's own groupings of diseases."""

    @property
    def predicates(self) -> tuple[str, ...]:
        """The predicates asked for; empty for any."""
        if self.predicate is None:
            return ()
        return (self.predicate,) if isinstance(self.predicate, str) else tuple(self.predicate)

    @property
    def key(self) -> str:
        """What the query asks for, apart from the page: the same text for the same question."""
        names = (name for name in self.__slots__ if name not in {"limit", "cursor", "predicate"})
        return repr([sorted(self.predicates), *(getattr(self, name) for name in names)])

    def checked(self, known: dict[str, list[str]]) -> AssociationQuery:
        """The query with identifiers as CURIEs, every value found in its vocabulary.

        Args:
            known: What the release holds beyond the vocabulary: predicate, status and source names.

        Raises:
            UnknownCategoryError: Not one of the categories.
            UnknownPredicateError: Not one of the predicates.
            BadRequestError: Another value outside its vocabulary, or a limit outside 1 to 200.
            MalformedIdentifierError: Neither CURIE nor IRI.
        """
        for predicate in self.predicates:
            check_word("predicate", predicate, known["predicate"], UnknownPredicateError)
        if self.category is not None:
            check_word("category", self.category, vocabulary.categories(), UnknownCategoryError)
        for name in ("status", "source", "jurisdiction", "donor_type"):
            value: str | None = getattr(self, name)
            if value is not None:
                words = () if name == "source" else vocabulary.enumeration(name)
                check_word(name, value, [*words, *known[name]], BadRequestError)
        if self.groupings and not self.closure:
            raise BadRequestError("it has no use without closure", place="groupings", mend="add closure=true")
        if self.limit is not None and not 1 <= self.limit <= LARGEST_PAGE:
            raise BadRequestError(f"{self.limit} is not from 1 to {LARGEST_PAGE}", place="limit")
        given = self.subject, self.object, self.entity
        ends = tuple(None if each is None else curie_of(normalise(each)) for each in given)
        if ends == given:
            return self
        subject, object_, entity = ends
        return replace(self, subject=subject, object=object_, entity=entity)


def check_word(name: str, value: str, words: Iterable[str], error: type[StemgraphError]) -> None:
    """Refuse a value that is none of the words, naming the closest."""
    known = list(words)
    if value not in known:
        raise error(f"'{value}' is not a {name}", place=name, mend=did_you_mean(value, known))
