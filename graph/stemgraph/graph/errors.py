"""Every exception of stemgraph, in one tree.

StemgraphError                       anything stemgraph refuses; .message, .place, .mend
├── ContentError                     curated content or an ontology table that breaks a rule
├── MalformedIdentifierError         neither a CURIE with a known prefix nor an IRI of a known namespace
├── UnknownIdentifierError           well formed, but not in this release; .suggestions
├── UnknownReleaseError              no release, or several, of this number, id or digest; .known
├── NameLookupError                  a name that does not lead to one entity
│   ├── UnknownNameError             nothing has this name; .suggestions
│   └── AmbiguousNameError           several entities have it; .candidates
├── BadRequestError                  a parameter outside its vocabulary or range
│   ├── UnknownCategoryError         not one of the 18 categories
│   ├── UnknownPredicateError        not one of the 39 predicates
│   ├── UnknownFormatError           not an import or export format
│   └── CursorError                  a paging cursor of another query or release
├── QueryError                       a SPARQL query that is refused or does not parse; .line, .column
│   ├── QueryForbiddenError          SERVICE, LOAD, FROM of a remote graph, or an update
│   └── QueryTimeoutError            ended at its time limit
├── DataDirectoryError               a data or release directory that cannot be read or written
└── FormatError                      a file that does not parse; .place is file, line and column
"""

from __future__ import annotations

from collections.abc import Sequence

from stemgraph.ontology.errors import ContentError, MalformedIdentifierError, StemgraphError


class UnknownIdentifierError(StemgraphError):
    """A well-formed identifier that this release does not hold."""

    def __init__(self, identifier: str, *, suggestions: Sequence[str] = ()) -> None:
        mend = f"did you mean {', '.join(suggestions)}?" if suggestions else "search for it by name"
        super().__init__(f"'{identifier}' is not in this release", mend=mend)
        self.identifier = identifier
        self.suggestions = tuple(suggestions)


class UnknownReleaseError(StemgraphError):
    """A number, id or digest that does not name one release; ``known`` are (number, id, date) of those."""

    def __init__(self, asked: str, known: Sequence[tuple[int, str, str]], *, several: bool = False) -> None:
        last = [f"{number} ({identifier}, {date})" for number, identifier, date in known][-20:]
        message = f"several releases begin with '{asked}'" if several else f"there is no release '{asked}'"
        super().__init__(message, place="release", mend=f"ask for one of: {', '.join(last)}")
        self.known = tuple(known)


class NameLookupError(StemgraphError):
    """A name that does not lead to exactly one entity."""


class UnknownNameError(NameLookupError):
    """A name that no entity of this release carries as label or synonym."""

    def __init__(self, name: str, *, suggestions: Sequence[str] = ()) -> None:
        mend = f"did you mean {', '.join(suggestions)}?" if suggestions else "try a synonym or a CURIE"
        super().__init__(f"nothing in this release is called '{name}'", mend=mend)
        self.name = name
        self.suggestions = tuple(suggestions)


class AmbiguousNameError(NameLookupError):
    """A name that several entities carry.

    ``candidates`` are (CURIE, label) pairs, best first.
    """

    def __init__(self, name: str, candidates: Sequence[tuple[str, str]]) -> None:
        listed = ", ".join(f"{curie} ({label})" for curie, label in candidates)
        super().__init__(f"'{name}' names several entities: {listed}", mend="ask by CURIE or by category")
        self.name = name
        self.candidates = tuple(candidates)


class BadRequestError(StemgraphError):
    """A parameter outside its vocabulary or range; ``place`` is the parameter's name."""


class UnknownCategoryError(BadRequestError):
    """Not the name of a category."""


class UnknownPredicateError(BadRequestError):
    """Not the name of a predicate."""


class UnknownFormatError(BadRequestError):
    """Not the name of an import or export format."""


class CursorError(BadRequestError):
    """A paging cursor that belongs to another query or release, or is garbled."""


class QueryError(StemgraphError):
    """A SPARQL query that does not parse or is refused; ``line`` and ``column`` count from 1."""

    def __init__(
        self, message: str, *, line: int | None = None, column: int | None = None, mend: str | None = None
    ) -> None:
        place = f"line {line}, column {column}" if line is not None else None
        super().__init__(message, place=place, mend=mend)
        self.line = line
        self.column = column


class QueryForbiddenError(QueryError):
    """A query with a clause that reaches outside the graph or changes it."""


class QueryTimeoutError(QueryError):
    """A query that was ended at its time limit."""


class DataDirectoryError(StemgraphError):
    """A data or release directory that cannot be read or written."""


class FormatError(StemgraphError):
    """A file that does not parse as what it is said to be; ``place`` is file, line and column."""


__all__ = [
    "AmbiguousNameError",
    "BadRequestError",
    "ContentError",
    "CursorError",
    "DataDirectoryError",
    "FormatError",
    "MalformedIdentifierError",
    "NameLookupError",
    "QueryError",
    "QueryForbiddenError",
    "QueryTimeoutError",
    "StemgraphError",
    "UnknownCategoryError",
    "UnknownFormatError",
    "UnknownIdentifierError",
    "UnknownNameError",
    "UnknownPredicateError",
    "UnknownReleaseError",
]
