"""The named graphs one by one: the reading side of the SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, BinaryIO, Final

import pyoxigraph as ox
from pydantic import Field

from stemgraph.app.errors import ParameterError
from stemgraph.app.export_stream import stream_export
from stemgraph.app.jail.queries import GRAPH_FORMATS
from stemgraph.app.negotiation import RDF_FORMATS
from stemgraph.app.operation import Answer, Call, get
from stemgraph.app.parameters import Parameters
from stemgraph.graph.errors import UnknownIdentifierError
from stemgraph.graph.suggestions import closest

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


@get(PATH, tag="sparql", parameters=GraphStoreParameters, offers=tuple(RDF_FORMATS))
def read_graph(call: Call[GraphStoreParameters]) -> Answer:
    """One graph as RDF, as the SPARQL 1.1 Graph Store HTTP Protocol names it: `?graph=IRI` or `?default`.

    The default graph here is the store's own, in which what describes the named graphs stands; that of a
    SPARQL query is the union of all.
    """
    name = asked_graph(call.parameters)
    known = call.service.graph_names
    if isinstance(name, ox.NamedNode) and name.value not in known:
        near = closest(name.value, sorted(known)) or sorted(known)[:20]
        raise UnknownIdentifierError(name.value, suggestions=near)
    return Answer(_stream(call, name), call.media_type)


def asked_graph(parameters: GraphStoreParameters) -> ox.NamedNode | ox.DefaultGraph:
    """The graph that is asked for.

    Raises:
        ParameterError: None is, or both.
    """
    if (parameters.default is None) == (parameters.graph is None):
        which = "it is missing" if parameters.graph is None else "it is given beside 'default'"
        raise ParameterError(which, place="graph", mend="give either 'default' or 'graph', as in ?default")
    return ox.DefaultGraph() if parameters.graph is None else ox.NamedNode(parameters.graph)


def _stream(call: Call[GraphStoreParameters], name: ox.NamedNode | ox.DefaultGraph) -> AsyncIterator[bytes]:
    format_name = RDF_FORMATS[call.media_type]
    store = call.graph.store.oxigraph

    def write(stream: BinaryIO) -> None:
        # No prefixes: Oxigraph declares them in another order in each process, and the entity tag is strong.
        store.dump(stream, GRAPH_FORMATS[format_name], from_graph=name)

    return stream_export(
        write, limiter=call.service.export_limiter, patience=call.service.settings.export_stall_seconds
    )
