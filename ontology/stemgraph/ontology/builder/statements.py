"""Statements on their way into a release, as canonical N-Quads lines."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from stemgraph.ontology.identifiers import PREFIXES, expand

XSD: Final = PREFIXES["xsd"]

_ESCAPED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_TO_ESCAPE: Final = re.compile(r'[\x00-\x1f\x7f"\\]')
_DATE_TYPES: Final = {4: "gYear", 7: "gYearMonth", 10: "date"}


class Statements:
    """The statements of a release: a set of lines, read out sorted."""

    def __init__(self) -> None:
        self._lines: set[str] = set()

    def __len__(self) -> int:
        return len(self._lines)

    def add(self, graph: str, subject: str, predicate: str, object_: str) -> None:
        """Add a statement; subject and predicate are CURIEs, the object a finished term.

        Args:
            graph: Name of the named graph, such as ``mondo``; empty for the default graph.
            subject: CURIE of the subject.
            predicate: CURIE of the predicate.
            object_: What ``iri``, ``text`` and their like return.
        """
        where = f" {iri('sgg:' + graph)}" if graph else ""
        self._lines.add(f"{iri(subject)} {iri(predicate)} {object_}{where} .\n")

    def lines(self) -> list[str]:
        """Every line, in the order of its characters, which is that of its UTF-8 bytes."""
        return sorted(self._lines)


@cache
def iri(curie: str) -> str:
    """An IRI, from a CURIE or from an http(s) address.

    Raises:
        MalformedIdentifierError: It is neither.
    """
    return f"<{curie if curie.startswith(('http://', 'https://')) else expand(curie)}>"


def text(value: str) -> str:
    """A plain string."""
    return f'"{_TO_ESCAPE.sub(_escape, value)}"'


def boolean(value: bool) -> str:
    """``true`` or ``false`` as xsd:boolean."""
    return f'"{"true" if value else "false"}"^^<{XSD}boolean>'


def integer(value: int) -> str:
    """A whole number as xsd:integer."""
    return f'"{value}"^^<{XSD}integer>'


def partial_date(value: str) -> str:
    """A date as xsd:gYear, xsd:gYearMonth or xsd:date, as much as is known of it."""
    return f'"{value}"^^<{XSD}{_DATE_TYPES[len(value)]}>'


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _ESCAPED.get(character) or f"\\u{ord(character):04X}"
