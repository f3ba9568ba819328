"""Which media type an answer has: the Accept header held against what a route offers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, cast

import mimeparse  # type: ignore[import-untyped]  # python-mimeparse has no types

from stemgraph.app.errors import MalformedRequestError, NotAcceptableError

JSON: Final = "application/json"
HTML: Final = "text/html"

RDF_FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "text/turtle": "turtle",
        "application/ld+json": "jsonld",
        "application/n-triples": "ntriples",
        "application/rdf+xml": "rdfxml",
        "application/trig": "trig",
        "application/n-quads": "nquads",
    }
)
"""Media type of each RDF serialisation, and the library's name for its format."""

JSON_ONLY: Final = (JSON,)
JSON_AND_RDF: Final = (JSON, *RDF_FORMATS)

_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')

LONGEST_ACCEPT: Final = 2000
"""Longer Accept headers are refused: no client needs them and parsing is quadratic in their parameters."""


def negotiate(accept: str | None, offers: tuple[str, ...]) -> str:
    """The media type among the offers that the Accept header prefers; the first offer where it is open.

    Raises:
        NotAcceptableError: The header admits none of them.
        MalformedRequestError: The header does not parse.
    """
    if not accept or accept == "*/*" or accept == offers[0]:
        return offers[0]
    if len(accept) > LONGEST_ACCEPT:
        raise MalformedRequestError(
            f"the Accept header is longer than {LONGEST_ACCEPT} characters",
            place="Accept",
            mend=f"name only what you read, such as {offers[0]}",
        )
    return _negotiate(accept, offers)


@lru_cache(maxsize=256)
def _negotiate(accept: str, offers: tuple[str, ...]) -> str:
    try:
        # Types are told in any case. Mimeparse splits quoted parameters, of no use here, at their commas.
        read = _QUOTED.sub('""', accept.lower())
        # Of equally good types mimeparse takes the last, and our offers begin with the default.
        best = cast("str", mimeparse.best_match(offers[::-1], read))  # pyright: ignore[reportUnknownMemberType]  # no types
    except mimeparse.MimeTypeParseException as error:
        raise MalformedRequestError(
            "the Accept header does not parse", place="Accept", mend=f"write it like 'Accept: {offers[0]}'"
        ) from error
    if not best:
        raise NotAcceptableError(offers)
    return best
