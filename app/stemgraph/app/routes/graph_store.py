"""The named graphs one by one: the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated, Any, BinaryIO, Final
from urllib.parse import urlencode

import orjson
import pyoxigraph as ox
from pydantic import Field

from stemgraph.app.access.preflight import REASON
from stemgraph.app.errors import ParameterError
from stemgraph.app.export_stream import stream_export
from stemgraph.app.jail.queries import GRAPH_FORMATS
from stemgraph.app.jail.tools.parsing import FORMATS
from stemgraph.app.negotiation import RDF_FORMATS
from stemgraph.app.operation import Answer, Call, get, write
from stemgraph.app.parameters import Parameters
from stemgraph.app.sparql.updating import writer_of
from stemgraph.graph.errors import BadRequestError, UnknownIdentifierError
from stemgraph.graph.suggestions import closest
from stemgraph.ontology.identifiers import PREFIXES

PATH: Final = "/graph-store"


class GraphStoreParameters(Parameters):
    """Which graph: exactly one of the two is given."""

    default: Annotated[
        str | None,
        Field(max_length=0, description="The default graph, which says what the others are: `?default`."),
    ] = None
    graph: Annotated[
        str | None,
        Field(
            max_length=2000,
            pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*$",
            description="IRI of a named graph; it is absolute.",
            examples=["https://w3id.org/stemgraph/graph/curated"],
        ),
    ] = None


def _version(call: Call[GraphStoreParameters]) -> str:
    return call.graph.edition.id


@get(PATH, tag="sparql", version=_version, parameters=GraphStoreParameters, offers=tuple(RDF_FORMATS))
def read_graph(call: Call[GraphStoreParameters]) -> Answer:
    """One graph as RDF, as the SPARQL 1.1 Graph Store HTTP Protocol names it: `?graph=IRI` or `?default`.

    The default graph here is the store's own, in which what describes the named graphs stands; that of a
    SPARQL query is the union of all.
    """
    name = asked_graph(call.parameters)
    known = call.service.graph_names
    if isinstance(name, ox.NamedNode) and (name.value not in known or not _holds_something(call, name)):
        near = closest(name.value, sorted(known)) or sorted(known)[:20]
        raise UnknownIdentifierError(name.value, suggestions=near)
    return Answer(_stream(call, name), call.media_type)


def _holds_something(call: Call[GraphStoreParameters], name: ox.NamedNode) -> bool:
    """Whether a graph is there for readers: Oxigraph remembers those that were emptied."""
    return any(call.graph.store.quads(None, None, None, name))


def asked_graph(parameters: GraphStoreParameters) -> ox.NamedNode | ox.DefaultGraph:
    """The graph that is asked for.

    Raises:
        ParameterError: None is, or both, or what is no IRI.
    """
    if (parameters.default is None) == (parameters.graph is None):
        which = "it is missing" if parameters.graph is None else "it is given beside 'default'"
        raise ParameterError(which, place="graph", mend="give either 'default' or 'graph', as in ?default")
    if parameters.graph is None:
        return ox.DefaultGraph()
    try:
        return ox.NamedNode(parameters.graph)
    except ValueError as error:  # a control character beyond ASCII, a private code point
        raise ParameterError(str(error), place="graph", mend="give an absolute IRI (RFC 3987)") from error


def _stream(call: Call[GraphStoreParameters], name: ox.NamedNode | ox.DefaultGraph) -> AsyncIterator[bytes]:
    format_name = RDF_FORMATS[call.media_type]
    store = call.graph.store.oxigraph

    def write(stream: BinaryIO) -> None:
        # No prefixes: Oxigraph declares them in another order in each process, and the entity tag is strong.
        store.dump(stream, GRAPH_FORMATS[format_name], from_graph=name)

    return stream_export(
        write, limiter=call.service.export_limiter, patience=call.service.settings.export_stall_seconds
    )


@write(
    "PUT",
    PATH,
    tag="sparql",
    parameters=GraphStoreParameters,
    returns=None,
    reads=tuple(FORMATS),
    scope="update",
    statuses=(204, 201),
    conditions=("If-None-Match",),
    problems=(428,),
)
async def replace_graph(call: Call[GraphStoreParameters]) -> Answer:
    """Replace a graph by the RDF that is sent; 201 where it was not there.

    Where it holds quads already, `If-Match` with the ETag of reading it is needed (428), and must name the
    last edition (412).
    """
    return await _write(call, "replace", await _lines(call))


@write(
    "POST",
    PATH,
    tag="sparql",
    parameters=GraphStoreParameters,
    returns=None,
    reads=tuple(FORMATS),
    scope="update",
    statuses=(204, 201),
)
async def extend_graph(call: Call[GraphStoreParameters]) -> Answer:
    """Add the RDF that is sent to a graph; 201 where it was not there.

    Without `graph` and `default` a new graph is made, at the address in `Location`.
    """
    if call.parameters.graph is None and call.parameters.default is None:
        made = f"{PREFIXES['sgg']}{uuid.uuid4()}"
        parameters = call.parameters.model_copy(update={"graph": made})
        call = replace(call, parameters=parameters)
    return await _write(call, "merge", await _lines(call))


@write(
    "DELETE",
    PATH,
    tag="sparql",
    parameters=GraphStoreParameters,
    returns=None,
    scope="update",
    statuses=(204,),
    conditions=("If-Match",),
)
async def delete_graph(call: Call[GraphStoreParameters]) -> Answer:
    """Delete a graph, in the edition that `If-Match` names."""
    return await _write(call, "delete", [])


async def _lines(call: Call[GraphStoreParameters]) -> list[str]:
    """The quads of the body, in the graph that is asked for."""
    name = asked_graph(call.parameters)
    graph = name.value if isinstance(name, ox.NamedNode) else None
    kind = (call.header("Content-Type") or "").partition(";")[0].strip().lower()
    payload = {"media_type": kind, "graph": graph, "base": graph or f"{PREFIXES['sgg']}default"}
    _, body = await call.service.instance.jail.run("parse", payload, body=call.body, client=call.client)
    lines = body.decode().splitlines()
    end = f" <{graph}> ." if graph else None
    for line in lines:
        if (end is not None and not line.endswith(end)) or (end is None and _names_a_graph(line)):
            raise BadRequestError(
                "the body names other graphs than the one that is asked for",
                place="body",
                mend="send triples, or each graph by itself",
            )
    return lines


def _names_a_graph(line: str) -> bool:
    (quad,) = ox.parse(line, format=ox.RdfFormat.N_QUADS)
    return not isinstance(quad.graph_name, ox.DefaultGraph)


async def _write(call: Call[GraphStoreParameters], mode: str, lines: list[str]) -> Answer:
    name = asked_graph(call.parameters)
    graph = name.value if isinstance(name, ox.NamedNode) else ""
    payload = {
        "graph": graph,
        "mode": mode,
        "lines": lines,
        "if_none_match": call.header("If-None-Match") == "*",
    }
    committed = await writer_of(call.service.instance).submit(
        "graph",
        payload,
        if_match=call.header("If-Match"),
        key=call.principal.id,
        reason=call.header(REASON),
    )
    told: dict[str, Any] = orjson.loads(committed.result or b"{}")
    headers: tuple[tuple[bytes, bytes], ...] = ()
    if told.get("created") and graph:
        headers = ((b"location", f"{call.path}?{urlencode({'graph': graph})}".encode()),)
    return Answer(b"", status=201 if told.get("created") else 204, headers=headers)
