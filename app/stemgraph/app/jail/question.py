"""A query as the jail is asked it."""

from __future__ import annotations

from dataclasses import dataclass

from stemgraph.graph.errors import QueryError


class UnparsedQueryError(QueryError):
    """A query that Oxigraph does not parse; the message is its own."""


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query that the guard let pass, the name of the result's format, and the graphs it asks for."""

    query: str
    format: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    union: bool = True
    """Whether the default graph is the union of the named ones; not where the query has a FROM of its own."""
    prefixes: bool = True
    """Whether it may use prefixes that it does not declare."""
