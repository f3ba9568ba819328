"""The digest of a whole state: the sum over its quads, which edits then carry on without reading it all.

Statements with blank nodes are left out: those have no identity in another copy, and no edit touches them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from stemgraph.graph.quad_diff import line_digest
from stemgraph.graph.statements_file import decompressed

MODULUS: Final = 1 << 256
STATE_GRAPH: Final = "https://w3id.org/stemgraph/graph/state"
"""Named graph in which a writer's store says of which edit it is; readers' stores and digests lack it."""

# A line like this is in Oxigraph's form as it stands: IRIs, plain literals, languages in small letters, and
# the usual forms of whole numbers, truth values and days. The others are looked at by Oxigraph itself.
_XSD: Final = rb"\^\^<http://www\.w3\.org/2001/XMLSchema#"
_PLAIN: Final = re.compile(
    rb'<[^>\\]*> <[^>\\]*> (?:<[^>\\]*>|"(?:[^"\\]|\\["\\nrt])*"(?:@[a-z]+(?:-[a-z0-9]+)*)?'
    rb'|"(?:0|-?[1-9][0-9]{0,17})"' + _XSD + rb"integer>"
    rb'|"(?:true|false)"' + _XSD + rb"boolean>"
    rb'|"[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"' + _XSD + rb"date>"
    rb") (?:<[^>\\]*> )?\."
)

_NAMED: Final = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>"\s]*>')
"""Literals and IRIs: what is left of a line without them may name blank nodes."""


def digest_of_release(export: Path) -> int:
    """The digest of the state that a release's ``graph.nq.gz`` holds, as Oxigraph keeps it."""
    total = 0
    others: list[bytes] = []
    for lines in _lines(export):
        total += _digest_of_lines(lines, others)
    kept = ox.Store()
    kept.bulk_extend(ox.parse(b"\n".join(others), ox.RdfFormat.N_QUADS, lenient=True))
    rewritten = {line.encode() for line in _named_lines(kept)}
    total += sum(line_digest(line.decode()) for line in rewritten)
    # What has been rewritten may be there in that form as well, and is one statement then.
    doubtful = rewritten.difference(others)
    if doubtful:
        for lines in _lines(export):
            total -= sum(line_digest(line.decode()) for line in doubtful.intersection(lines))
    return total % MODULUS


def _lines(export: Path) -> Iterator[list[bytes]]:
    """The lines of a canonical file, some at a time."""
    rest = b""
    for chunk in decompressed(export):
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        yield lines
    yield [rest]


def digest_of_store(store: ox.Store) -> int:
    """The digest of every quad in a store but its own state."""
    state = ox.NamedNode(STATE_GRAPH)
    return digest_of_quads(quad for quad in store if quad.graph_name != state)


def digest_of_quads(quads: Iterable[ox.Quad]) -> int:
    """The digest of distinct quads in Oxigraph's form."""
    return sum(map(line_digest, _named_lines(quads))) % MODULUS


def _named_lines(quads: Iterable[ox.Quad]) -> Iterator[str]:
    """The lines of quads without a blank node."""
    for quad in quads:
        line = f"{quad} ."
        if "_:" not in line or "_:" not in _NAMED.sub("", line):
            yield line


def digest_text(digest: int) -> str:
    """A digest as 64 hexadecimal digits."""
    return f"{digest:064x}"


def _digest_of_lines(lines: list[bytes], others: list[bytes]) -> int:
    total = 0
    match, sha256, number = _PLAIN.fullmatch, hashlib.sha256, int.from_bytes
    for line in lines:
        if match(line):
            total += number(sha256(line).digest(), "big")
        elif line:
            others.append(line)
    return total
