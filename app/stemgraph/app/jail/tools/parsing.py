"""The tool ``parse``: RDF in any of our formats as canonical N-Quads lines.

Everything is parsed by Oxigraph, which fetches nothing: a remote JSON-LD context, an external XML entity
or an import is refused or left as the statement that it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyoxigraph as ox

from stemgraph.graph.errors import BadRequestError, FormatError
from stemgraph.graph.quad_diff import has_blank_node

FORMATS: Final[Mapping[str, ox.RdfFormat]] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}
"""What is read, by media type."""

_SHOWN: Final = 20


def parse(payload: Mapping[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """RDF as sorted canonical N-Quads lines, each ending in " ." and a line feed.

    Args:
        payload: ``media_type``; optionally ``base`` (IRI), ``graph`` (IRI of the graph into which
            statements of the default graph go) and ``blank_nodes``: ``refuse`` (the default) or ``keep``.
        body: The document.

    Raises:
        BadRequestError: The media type is not read.
        FormatError: It does not parse, or holds blank nodes; ``place`` is line and column where known.
    """
    rdf_format = FORMATS.get(payload["media_type"])
    if rdf_format is None:
        raise BadRequestError(
            f"'{payload['media_type']}' is not read", mend=f"send one of {', '.join(FORMATS)}"
        )
    graph = ox.NamedNode(payload["graph"]) if payload.get("graph") else None
    keeps_blank = payload.get("blank_nodes", "refuse") == "keep"
    lines: set[str] = set()
    blank: list[str] = []
    blank_total = 0
    try:
        for quad in ox.parse(body, rdf_format, base_iri=payload.get("base")):
            moved = _moved(quad, graph)
            if has_blank_node(moved):
                blank_total += 1
                if blank_total <= _SHOWN:
                    blank.append(str(moved))
                if not keeps_blank:  # read to its end all the same: it may be malformed, too
                    continue
            lines.add(f"{moved} .\n")
    except SyntaxError as error:
        raise _malformed(error) from error
    except (ValueError, OSError) as error:
        raise FormatError(f"the data does not parse: {error}", mend="mend the document") from error
    if blank and not keeps_blank:
        raise FormatError(
            f"{blank_total} statements hold blank nodes, the first: {blank[0][:300]}",
            place="blank nodes",
            mend="name them by IRIs",
        )
    answer = {"quads": len(lines), "blank": blank, "blank_total": blank_total}
    return answer, "".join(sorted(lines)).encode()


def _moved(quad: ox.Quad, graph: ox.NamedNode | None) -> ox.Quad:
    """A quad of the default graph in the graph that stands for it."""
    if graph is None or not isinstance(quad.graph_name, ox.DefaultGraph):
        return quad
    return ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def _malformed(error: SyntaxError) -> FormatError:
    place = f"line {error.lineno}, column {error.offset}" if error.lineno else None
    return FormatError(f"the data does not parse: {error.msg}", place=place, mend="mend what stands there")
