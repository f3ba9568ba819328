"""The media types of SPARQL answers, their short names, and which one a request gets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from stemgraph.app.errors import NotAcceptableError, ParameterError
from stemgraph.app.jail.guard import Form
from stemgraph.app.negotiation import HTML, negotiate

RESULT_TYPES: Final[Mapping[str, str]] = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
"""Media type of solutions and of yes or no, and the worker's name for its format; the default first."""

GRAPH_TYPES: Final[Mapping[str, str]] = {
    "text/turtle": "turtle",
    "application/n-triples": "ntriples",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "application/rdf+xml": "rdfxml",
    "application/xml": "rdfxml",
    "application/trig": "trig",
    "application/n-quads": "nquads",
}
"""Media type of a constructed or described graph, and the worker's name for its format; the default first."""

_RESULT_NAMES: Final[Mapping[str, str]] = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
_GRAPH_NAMES: Final[Mapping[str, str]] = {
    "turtle": "text/turtle",
    "ttl": "text/turtle",
    "ntriples": "application/n-triples",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "json-ld": "application/ld+json",
    "json": "application/ld+json",
    "rdfxml": "application/rdf+xml",
    "rdf+xml": "application/rdf+xml",
    "rdf": "application/rdf+xml",
    "xml": "application/rdf+xml",
    "trig": "application/trig",
    "nquads": "application/n-quads",
    "nq": "application/n-quads",
}
_OFFERS: Final = (tuple(RESULT_TYPES), tuple(GRAPH_TYPES))
_DESCRIPTION_OFFERS: Final = (*dict.fromkeys((*GRAPH_TYPES, *RESULT_TYPES)), HTML)
_UNVERSIONED: Final = frozenset(
    {"application/json", "application/xml", "application/ld+json", "text/csv", "text/tab-separated-values"}
)
"""Types without the parameter ``version`` that RDF 1.2 and SPARQL 1.2 give the others."""
FORMAT_NAMES: Final = tuple(sorted({*_RESULT_NAMES, *_GRAPH_NAMES, *RESULT_TYPES, *GRAPH_TYPES}))
"""What ``format=`` may say."""


def is_graph(form: Form) -> bool:
    """Whether queries of this form answer a graph."""
    return form in ("construct", "describe")


def media_type(form: Form, accept: str | None, name: str | None) -> str:
    """The media type of an answer: what ``format=`` names, or else what the Accept header prefers.

    A name that fits only answers of the other kind leaves the choice to the header, because clients
    send it without knowing the query's form.

    Raises:
        NotAcceptableError: The header admits none.
        ParameterError: ``format=`` is no format.
    """
    types = GRAPH_TYPES if is_graph(form) else RESULT_TYPES
    names = _GRAPH_NAMES if is_graph(form) else _RESULT_NAMES
    if name is not None:
        name = name.lower()
        chosen = name if name in types else names.get(name)
        if chosen is not None:
            return chosen
        if name not in FORMAT_NAMES:
            raise ParameterError(
                f"'{name[:100]}' is not a format",
                place="format",
                mend=f"use one of {', '.join(_RESULT_NAMES)} or {', '.join(_GRAPH_NAMES)}",
            )
    return _with_version(negotiate(accept, _OFFERS[types is GRAPH_TYPES]), accept)


def worker_format(form: Form, chosen: str) -> str:
    """The worker's name for the format of a media type, which may say its version."""
    types = GRAPH_TYPES if is_graph(form) else RESULT_TYPES
    return types[chosen.partition(";")[0]]


def prefers_page(accept: str | None) -> bool:
    """Whether a page is what the Accept header prefers, as that of a browser does."""
    if accept is None or HTML not in accept:
        return False
    try:
        return negotiate(accept, _DESCRIPTION_OFFERS) == HTML
    except NotAcceptableError:
        return False


def content_type(chosen: str) -> bytes:
    """The Content-Type header of a media type: every answer is UTF-8."""
    return f"{chosen}; charset=utf-8".encode() if chosen.startswith("text/") else chosen.encode()


def _with_version(chosen: str, accept: str | None) -> str:
    """The type with the version of RDF or SPARQL that the Accept header gives it: what is written is 1.2."""
    if accept is None or "version" not in accept or chosen in _UNVERSIONED:
        return chosen
    asked = re.search(rf"{re.escape(chosen)}\s*;[^,]*\bversion=\"?(1\.2(?:-basic)?)\"?(?=[\s,;]|$)", accept)
    return f"{chosen}; version={asked.group(1)}" if asked else chosen
