"""Canonical N-Quads: sorted lines, one statement each, no blank lines; how releases are stored and digested.

Sorted lines keep the statements of one subject together, so a release is read block by block in one pass.
Terms stay as they are written (``<iri>``, ``"text"``, ``"1"^^<type>``) until someone wants a value: cutting
a line takes a tenth of the time of building RDF terms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from stemgraph.graph.errors import FormatError

XSD: Final = "http://www.w3.org/2001/XMLSchema#"

_ESCAPE: Final = re.compile(r"\\(?:([tbnrf\"'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_ESCAPED: Final = {
    "t": "\t",
    "b": "\b",
    "n": "\n",
    "r": "\r",
    "f": "\f",
    '"': '"',
    "'": "'",
    "\\": "\\",
}


class Block(NamedTuple):
    """The lines of one subject; ``subject`` is as written, ``text`` ends with a newline."""

    subject: str
    text: str


class Statement(NamedTuple):
    """Predicate, object and graph of one line, as written; the graph is empty for the default graph."""

    predicate: str
    object: str
    graph: str


def blocks(chunks: Iterable[str], *, place: str) -> Iterator[Block]:
    """The block of each subject, from the text of a canonical file in chunks of any size.

    Raises:
        FormatError: A line has no subject; ``place`` names the file.
    """
    rest = ""
    for chunk in chunks:
        text = rest + chunk if rest else chunk
        # The last subject with a whole line may go on in the next chunk.
        last = text.rfind("\n", 0, text.rfind("\n")) + 1
        subject = text[last : text.find(" ", last) + 1]
        while last and text.startswith(subject, previous := text.rfind("\n", 0, last - 1) + 1):
            last = previous
        yield from _whole_blocks(text[:last], place)
        rest = text[last:]
    if rest:
        yield from _whole_blocks(rest if rest.endswith("\n") else rest + "\n", place)


def _whole_blocks(text: str, place: str) -> Iterator[Block]:
    position, size = 0, len(text)
    while position < size:
        space = text.find(" ", position)
        if space < 0:
            raise FormatError(f"'{text[position : position + 40]}' is not an N-Quads statement", place=place)
        subject = text[position : space + 1]
        end = text.index("\n", space) + 1
        while text.startswith(subject, end):
            end = text.index("\n", end) + 1
        yield Block(subject[:-1], text[position:end])
        position = end


def statements(block: Block, *, place: str) -> list[Statement]:
    """The statements of a block.

    Raises:
        FormatError: A line is not a statement; the message quotes it.
    """
    start = len(block.subject) + 1
    known = ""
    found: list[Statement] = []
    # Not splitlines: literals may hold other characters that Python takes for the end of a line.
    for line in block.text[:-1].split("\n"):
        space = line.find(" ", start)
        if space < 0 or not line.endswith(" ."):
            raise FormatError(f"'{line[:100]}' is not an N-Quads statement", place=place)
        # Nearly always in the graph of the line before.
        if known and line.endswith(known) and len(line) - len(known) > space:
            found.append(Statement(line[start:space], line[space + 1 : -len(known)], known[1:-2]))
            continue
        cut = line.rfind(" ", 0, -2)
        graph = line[cut + 1 : -2]
        # The last word of a literal in the default graph may look like a graph, but for its quotation mark.
        if cut > space and graph[:1] in {"<", "_"} and '"' not in graph:
            known = f" {graph} ."
            found.append(Statement(line[start:space], line[space + 1 : cut], graph))
        else:
            found.append(Statement(line[start:space], line[space + 1 : -2], ""))
    return found


def text_of(term: str) -> str:
    """The IRI of ``<iri>``, the text of a literal, or a blank node as written."""
    if term[0] == "<":
        return term[1:-1]
    if term[0] != '"':  # a blank node
        return term
    text = term[1 : term.rindex('"')]
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text


def datatype_of(term: str) -> str:
    """The datatype of a typed literal without its angle brackets, or an empty string."""
    return term[term.rindex('"') + 4 : -1] if term[0] == '"' and term[-1] == ">" else ""


def value_of(term: str) -> str | int | bool:
    """The value of a literal: integers and booleans as such, everything else as its text."""
    datatype = datatype_of(term)
    text = text_of(term)
    if datatype == XSD + "integer":
        return int(text)
    if datatype == XSD + "boolean":
        return text in {"true", "1"}
    return text


def _unescape(match: re.Match[str]) -> str:
    letter, short, long = match.groups()
    return _ESCAPED[letter] if letter else chr(int(short or long, 16))
