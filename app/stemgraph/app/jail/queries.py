"""The work of a query worker: open the store that a request names, read-only, and answer from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyoxigraph

from stemgraph.app.jail.confinement import ADDRESS_SPACE
from stemgraph.app.jail.frames import Message
from stemgraph.app.jail.literals import LiteralIndex
from stemgraph.app.jail.narrowing import narrowed

GraphName = pyoxigraph.NamedNode | pyoxigraph.BlankNode
DefaultName = GraphName | pyoxigraph.DefaultGraph

RESULT_FORMATS: Final[Mapping[str, pyoxigraph.QueryResultsFormat]] = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
GRAPH_FORMATS: Final[Mapping[str, pyoxigraph.RdfFormat]] = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "nquads": pyoxigraph.RdfFormat.N_QUADS,
}
PREFIXED: Final = frozenset({"turtle", "trig", "rdfxml", "jsonld"})


class ResultTooLarge(Exception):  # noqa: N818  # a signal inside this process, no error of the tree
    """The result passed its cap."""


class CappedBuffer:
    """A writable stream that keeps what it is given, up to a cap."""

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.size = 0
        self.parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep more bytes.

        Raises:
            ResultTooLarge: They do not fit under the cap.
        """
        self.size += len(data)
        if self.size > self.cap:
            raise ResultTooLarge
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits to be written."""


class OpenStore:
    """The store that was asked last, which stays open: another is opened when it is named.

    That which is held in memory is open besides, with an index of its literals.
    """

    def __init__(self) -> None:
        self._path = ""
        self._store: pyoxigraph.Store | None = None
        self._held_path = ""
        self._held: pyoxigraph.Store | None = None
        self._literals: LiteralIndex | None = None

    def hold(self, path: str, store: pyoxigraph.Store) -> None:
        """Answer from a copy in memory where the store in a directory is asked."""
        self._held_path, self._held = path, store
        self._literals = LiteralIndex.of(store)

    def literals_of(self, store: pyoxigraph.Store) -> LiteralIndex | None:
        """The literals of the store that is held; of others they are not known."""
        return self._literals if store is self._held else None

    def at(self, path: str) -> pyoxigraph.Store:
        """The store in a directory."""
        if self._held is not None and path == self._held_path:
            return self._held
        if self._store is None or path != self._path:
            self._store = None  # closed before the next is opened
            ADDRESS_SPACE.release()
            try:
                self._store = pyoxigraph.Store.read_only(path)
            finally:
                ADDRESS_SPACE.measure()
            self._path = path
        return self._store


_OPEN: Final = OpenStore()
_PREFIXES: dict[str, str] = {}


hold: Final = _OPEN.hold


def prepare(options: Message) -> None:
    """Take the prefixes that hold in queries without being declared."""
    _PREFIXES.update(options["prefixes"])


def answer(request: Message, body: bytes) -> tuple[Message, bytes]:
    """What one request comes to: a message that tells the outcome, and the bytes of the result."""
    try:
        store = _OPEN.at(request["store"])
        if "query" not in request:
            return {"outcome": "graphs", "graphs": [graph.value for graph in store.named_graphs()]}, b""
    except (OSError, RuntimeError, ValueError) as error:  # missing, damaged, or no store at all
        return {"outcome": "no_store", "message": str(error)}, b""
    return evaluate(store, _PREFIXES, request, _OPEN.literals_of(store))


def evaluate(
    store: pyoxigraph.Store,
    prefixes: Mapping[str, str],
    request: Message,
    literals: LiteralIndex | None = None,
) -> tuple[Message, bytes]:
    """The outcome of a query, and its result in the format that is asked for."""
    try:
        buffer = CappedBuffer(request["cap"])
        found = (
            run_narrowed(store, prefixes, request, literals) if literals else run(store, prefixes, request)
        )
        kind = serialize(found, request["format"], prefixes, buffer)
    except SyntaxError as error:
        return {"outcome": "syntax", "message": str(error)}, b""
    except ResultTooLarge:
        return {"outcome": "too_large"}, b""
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        return {"outcome": "failed", "message": str(error)}, b""
    return {"outcome": "result", "kind": kind}, b"".join(buffer.parts)


def run_narrowed(
    store: pyoxigraph.Store, prefixes: Mapping[str, str], request: Message, literals: LiteralIndex
) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples:
    """Evaluate the query with its text filters narrowed."""
    query = request["query"]
    narrow = narrowed(query, literals, prefixes if request["prefixes"] else {})
    if narrow is query:
        return run(store, prefixes, request)
    try:
        return run(store, prefixes, {**request, "query": narrow})
    except SyntaxError:
        return run(store, prefixes, request)  # the message is to name a place in what was asked


def run(
    store: pyoxigraph.Store, prefixes: Mapping[str, str], request: Message
) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples:
    """Evaluate the query over the union of the named graphs, or over the graphs that were asked for."""
    known = dict(prefixes) if request["prefixes"] else None  # reading them takes longer than a short query
    default: list[DefaultName] = [pyoxigraph.NamedNode(iri) for iri in request["default_graphs"]]
    named: list[GraphName] = [pyoxigraph.NamedNode(iri) for iri in request["named_graphs"]]
    if default or named:  # SPARQL 1.1 Protocol, section 2.1.4: together they are the whole dataset
        return store.query(request["query"], prefixes=known, default_graph=default, named_graphs=named)
    # The union would silently replace what a FROM of the query says.
    return store.query(request["query"], prefixes=known, use_default_graph_as_union=request["union"])


def serialize(
    result: pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples,
    name: str,
    prefixes: Mapping[str, str],
    buffer: CappedBuffer,
) -> str:
    """Write a result in the format of that name; the kind of result it was."""
    sink: Any = buffer  # pyoxigraph's stub asks for typing.IO, of which it calls write and flush
    if isinstance(result, pyoxigraph.QueryTriples):
        rdf_format = GRAPH_FORMATS[name]
        shown = dict(prefixes) if name in PREFIXED else None
        pyoxigraph.serialize(result, sink, rdf_format, prefixes=shown)
        return "graph"
    if isinstance(result, pyoxigraph.QueryBoolean) and name in ("csv", "tsv"):
        buffer.write(b"true\n" if result else b"false\n")  # Oxigraph writes no line end
        return "boolean"
    result.serialize(sink, RESULT_FORMATS[name])
    return "boolean" if isinstance(result, pyoxigraph.QueryBoolean) else "solutions"
