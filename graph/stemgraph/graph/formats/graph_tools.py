"""Export for graph tools: GraphML, Cytoscape JSON and NetworkX node-link JSON, written piece by piece.

Negated associations are left out: what these tools walk must hold. The named graph is called ``named_graph``
here, as ``source`` is where an edge begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO, Final
from xml.sax.saxutils import escape, quoteattr

import orjson

from stemgraph.graph.formats.selection import Selection
from stemgraph.graph.model import Association, Entity, Record

_NODE_KEYS: Final = ("label", "category", "categories")
_EDGE_KEYS: Final = ("association", "predicate", "biolink_predicate", "status", "named_graph")
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""


def write_node_link(selection: Selection, stream: IO[bytes]) -> None:
    """The JSON that ``networkx.node_link_graph(…, edges="edges")`` reads: a directed multigraph."""
    stream.write(b'{"directed":true,"multigraph":true,"graph":{},"nodes":[\n')
    _write_joined(stream, ({"id": each.id, **_node(each)} for each in selection.entities()))
    stream.write(b'\n],"edges":[\n')
    edges = (
        {"source": each.subject.id, "target": each.object.id, "key": each.id, **_edge(each)}
        for each in selection.edges()
    )
    _write_joined(stream, edges)
    stream.write(b"\n]}\n")


def write_cytoscape(selection: Selection, stream: IO[bytes]) -> None:
    """The JSON that Cytoscape, Cytoscape.js and ``networkx.cytoscape_graph`` read."""
    stream.write(b'{"data":[],"directed":true,"multigraph":true,"elements":{"nodes":[\n')
    nodes = (
        {"data": {"id": each.id, "value": each.id, "name": each.label, **_node(each)}}
        for each in selection.entities()
    )
    _write_joined(stream, nodes)
    stream.write(b'\n],"edges":[\n')
    edges = (
        {
            "data": {
                "id": each.id,
                "source": each.subject.id,
                "target": each.object.id,
                "key": each.id,
                "interaction": each.predicate,
                **_edge(each),
            }
        }
        for each in selection.edges()
    )
    _write_joined(stream, edges)
    stream.write(b"\n]}}\n")


def write_graphml(selection: Selection, stream: IO[bytes]) -> None:
    """GraphML, the edges keyed by association id; several categories are joined by ``|``."""
    for line in _graphml_lines(selection):
        stream.write(line.encode())


def _node(entity: Entity) -> Record:
    categories = list(entity.categories)
    return {
        "label": entity.label,
        "category": categories[0] if categories else "",
        "categories": categories,
    }


def _edge(association: Association) -> Record:
    return {
        "association": association.id,
        "predicate": association.predicate,
        "biolink_predicate": association.biolink_predicate,
        "status": association.status,
        "named_graph": association.source,
    }


def _write_joined(stream: IO[bytes], records: Iterable[Record]) -> None:
    separator = b""
    for record in records:
        stream.write(separator + orjson.dumps(record))
        separator = b",\n"


def _graphml_lines(selection: Selection) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for domain, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for key in keys:
            yield f'  <key id="{key}" for="{domain}" attr.name="{key}" attr.type="string"/>\n'
    yield '  <graph id="stemgraph" edgedefault="directed">\n'
    for entity in selection.entities():
        attributes = _node(entity) | {"categories": "|".join(entity.categories)}
        yield f"    <node id={_attribute(entity.id)}>{_data(attributes)}</node>\n"
    for association in selection.edges():
        ends = f"source={_attribute(association.subject.id)} target={_attribute(association.object.id)}"
        yield f"    <edge id={_attribute(association.id)} {ends}>{_data(_edge(association))}</edge>\n"
    yield "  </graph>\n</graphml>\n"


def _data(attributes: Record) -> str:
    return "".join(
        f'<data key="{name}">{escape(_NOT_XML.sub("", value))}</data>' for name, value in attributes.items()
    )


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("", text))
