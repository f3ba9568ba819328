"""The answer to a SPARQL query: solutions, a yes or no, or a graph."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Literal

import pyoxigraph as ox

from stemgraph.graph.errors import QueryError, UnknownFormatError
from stemgraph.graph.sparql_tokens import names_its_graphs
from stemgraph.ontology.identifiers import PREFIXES, compress

if TYPE_CHECKING:
    import pandas as pd

_POSITION: Final = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)

_TRIPLE: Final = ("subject", "predicate", "object")

Raw = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

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
    """What a query answered; it can be read any number of times, for a release never changes.

    Iterating gives solutions (values by variable, IRIs as CURIEs) or triples; ``bool`` gives a yes or no.
    """

    def __init__(self, ask: Callable[[], Raw]) -> None:
        self._ask = ask
        self._unread: Raw | None = ask()
        self.kind: Literal["solutions", "boolean", "graph"] = _kind(self._unread)
        self.variables: tuple[str, ...] = (
            tuple(each.value for each in self._unread.variables)
            if isinstance(self._unread, ox.QuerySolutions)
            else ()
        )

    @property
    def raw(self) -> Raw:
        """Oxigraph's own answer, not read from yet."""
        raw, self._unread = self._unread, None
        return self._ask() if raw is None else raw

    def __iter__(self) -> Iterator[dict[str, str] | ox.Triple]:
        raw = self.raw
        with _evaluation():
            if isinstance(raw, ox.QuerySolutions):
                for solution in raw:
                    terms = zip(self.variables, solution, strict=True)
                    yield {name: _plain(term) for name, term in terms if term is not None}
            elif isinstance(raw, ox.QueryTriples):
                yield from raw

    def __bool__(self) -> bool:
        raw = self.raw
        if isinstance(raw, ox.QueryBoolean):
            return bool(raw)
        return any(True for _ in raw)

    def serialize(self, format: str | None = None) -> bytes:  # noqa: A002  # the word of rdflib and pyoxigraph
        """The answer in a format: json, xml, csv or tsv; a graph in turtle, ntriples, jsonld or rdfxml.

        Raises:
            UnknownFormatError: The answer cannot be written so.
        """
        raw = self.raw
        if isinstance(raw, ox.QueryTriples):
            if (rdf_format := GRAPH_FORMATS.get(format or "turtle")) is not None:
                with _evaluation():
                    return raw.serialize(format=rdf_format) or b""
            known = list(GRAPH_FORMATS)
        else:
            if (result_format := RESULT_FORMATS.get(format or "json")) is not None:
                with _evaluation():
                    return raw.serialize(format=result_format) or b""
            known = list(RESULT_FORMATS)
        raise UnknownFormatError(
            f"a {self.kind} answer cannot be written as '{format}'",
            place="format",
            mend=f"use one of {', '.join(known)}",
        )

    def to_pandas(self) -> pd.DataFrame:
        """The answer as a DataFrame of text: a column for each variable, IRIs as CURIEs.

        Raises:
            StemgraphError: pandas is not installed.
        """
        from stemgraph.graph.frames import pandas  # noqa: PLC0415  # behind the extra 'frames'

        frame: pd.DataFrame = pandas().DataFrame(self._rows(), columns=list(self._columns))
        return frame

    @property
    def _columns(self) -> tuple[str, ...]:
        return {"solutions": self.variables, "boolean": ("answer",), "graph": _TRIPLE}[self.kind]

    def _rows(self) -> list[dict[str, str]]:
        if self.kind == "boolean":
            return [{"answer": "yes" if self else "no"}]
        return [each if isinstance(each, dict) else _triple_row(each) for each in self]

    def _repr_html_(self) -> str:
        from stemgraph.graph.notebook import answer_html  # noqa: PLC0415  # for notebooks alone

        rows = self._rows()
        cells = ([row.get(name, "") for name in self._columns] for row in rows)
        return answer_html(self._columns, cells, len(rows))


def run_query(store: ox.Store, query: str) -> QueryAnswer:
    """Answer a query over the union of the named graphs, or the graphs of its own FROM clauses.

    Our prefixes need no declaration.

    Raises:
        QueryError: The query does not parse; ``line`` and ``column`` say where.
    """
    union = not names_its_graphs(query)
    try:
        with _evaluation():
            return QueryAnswer(
                lambda: store.query(query, use_default_graph_as_union=union, prefixes=PREFIXES)
            )
    except SyntaxError as error:
        raise query_error(error) from error


@contextmanager
def _evaluation() -> Generator[None]:
    """Whatever Oxigraph cannot evaluate, as an error of ours: an unknown function, a server out of reach."""
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(
            f"the query cannot be evaluated: {error}", mend="use functions of SPARQL 1.1 and this graph only"
        ) from error


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


def _kind(raw: Raw) -> Literal["solutions", "boolean", "graph"]:
    if isinstance(raw, ox.QuerySolutions):
        return "solutions"
    return "boolean" if isinstance(raw, ox.QueryBoolean) else "graph"


def _triple_row(triple: ox.Triple) -> dict[str, str]:
    return dict(
        zip(_TRIPLE, (_plain(triple.subject), _plain(triple.predicate), _plain(triple.object)), strict=True)
    )
