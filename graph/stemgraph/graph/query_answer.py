"""The answer to a SPARQL query: solutions, a yes or no, or a graph."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal

import pyoxigraph as ox

from stemgraph.graph.errors import QueryError, UnknownFormatError
from stemgraph.ontology.identifiers import PREFIXES, compress

if TYPE_CHECKING:
    import pandas as pd

_POSITION: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_ROWS_SHOWN: Final = 50

RESULT_FORMATS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
"""Formats of solutions and of yes or no, by name."""

GRAPH_FORMATS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
"""Formats of a constructed or described graph, by name."""


class QueryAnswer:
    """What a query answered; iterating gives solutions or triples, once; ``bool`` gives a yes or no."""

    def __init__(self, raw: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> None:
        self.raw = raw

    @property
    def kind(self) -> Literal["solutions", "boolean", "graph"]:
        """Which of the three it is."""
        if isinstance(self.raw, ox.QuerySolutions):
            return "solutions"
        return "boolean" if isinstance(self.raw, ox.QueryBoolean) else "graph"

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables of solutions, without question marks."""
        return (
            tuple(each.value for each in self.raw.variables)
            if isinstance(self.raw, ox.QuerySolutions)
            else ()
        )

    def __iter__(self) -> Iterator[dict[str, str] | ox.Triple]:
        if isinstance(self.raw, ox.QuerySolutions):
            names = self.variables
            for solution in self.raw:
                yield {
                    name: _plain(term) for name, term in zip(names, solution, strict=True) if term is not None
                }
        elif isinstance(self.raw, ox.QueryTriples):
            yield from self.raw

    def __bool__(self) -> bool:
        return bool(self.raw) if isinstance(self.raw, ox.QueryBoolean) else True

    def serialize(self, format: str | None = None) -> bytes:  # noqa: A002  # the word of rdflib and pyoxigraph
        """The answer in a format: json, xml, csv or tsv; for a graph turtle, ntriples, jsonld, rdfxml and so on.

        Raises:
            UnknownFormatError: The answer cannot be written so.
        """
        if isinstance(self.raw, ox.QueryTriples):
            known = GRAPH_FORMATS
            chosen = known.get(format or "turtle")
            written = self.raw.serialize(format=chosen) if chosen else None
        else:
            known = RESULT_FORMATS
            selected = known.get(format or "json")
            written = self.raw.serialize(format=selected) if selected else None
        if written is None:
            raise UnknownFormatError(
                f"a {self.kind} answer cannot be written as '{format}'",
                place="format",
                mend=f"use one of {', '.join(known)}",
            )
        return written

    def to_pandas(self) -> pd.DataFrame:
        """The solutions as a DataFrame: a column for each variable, IRIs as CURIEs."""
        from stemgraph.graph.frames import pandas  # noqa: PLC0415  # behind the extra 'frames'

        columns = list(self.variables) or ["subject", "predicate", "object"]
        return pandas().DataFrame(self._rows(columns), columns=columns)

    def _rows(self, columns: list[str]) -> list[dict[str, str]]:
        return [
            each
            if isinstance(each, dict)
            else dict(
                zip(columns, (_plain(each.subject), _plain(each.predicate), _plain(each.object)), strict=True)
            )
            for each in self
        ]

    def _repr_html_(self) -> str:
        if self.kind == "boolean":
            return f"<p>{'yes' if self else 'no'}</p>"
        columns = list(self.variables) or ["subject", "predicate", "object"]
        rows = self._rows(columns)
        head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(row.get(name, ''))}</td>" for name in columns) + "</tr>"
            for row in rows[:_ROWS_SHOWN]
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{len(rows)} rows</p>"


def run_query(store: ox.Store, query: str) -> QueryAnswer:
    """Answer a query over the union of the named graphs; our prefixes need no declaration.

    Raises:
        QueryError: The query does not parse; ``line`` and ``column`` say where.
    """
    try:
        return QueryAnswer(store.query(query, use_default_graph_as_union=True, prefixes=PREFIXES))
    except SyntaxError as error:
        raise query_error(error) from error


def query_error(error: SyntaxError) -> QueryError:
    """Oxigraph's complaint about a query, with its line and column."""
    found = _POSITION.search(str(error))
    if found is None:
        return QueryError(str(error))
    line, column, reason = found.groups()
    return QueryError(
        f"the query does not parse: {reason}", line=int(line), column=int(column), mend="see SPARQL 1.1 Query"
    )


def _plain(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if isinstance(term, ox.NamedNode):
        return compress(term.value)
    return str(term) if isinstance(term, ox.Triple) else term.value
