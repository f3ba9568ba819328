"""The digest of a whole state: the sum over its quads, which edits then carry on without reading it all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from stemgraph.graph.quad_diff import line_digest
from stemgraph.graph.statements_file import decompressed

MODULUS: Final = 1 << 256
STATE_GRAPH: Final = "https://w3id.org/stemgraph/graph/state"
"""Named graph in which a store says of which edit it is; it belongs to no digest, export or record."""

# A line of IRIs and a plain literal is in Oxigraph's form as it stands; literals of a type or a language, and
# those with escapes, are looked at by Oxigraph itself.
_PLAIN: Final = re.compile(rb'<[^>\\]*> <[^>\\]*> (?:<[^>\\]*>|"[^"\\]*") (?:<[^>\\]*> )?\.')
_STATE_END: Final = f" <{STATE_GRAPH}> .".encode()
_KEPT_AT_ONCE: Final = 1 << 22


def digest_of_release(export: Path) -> int:
    """The digest of the state that a release's ``graph.nq.gz`` holds, as Oxigraph keeps it."""
    total = 0
    others: list[bytes] = []
    rest = b""
    for chunk in decompressed(export):
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        total += _digest_of_lines(lines, others)
    if rest:
        total += _digest_of_lines([rest], others)
    kept = ox.Store()
    kept.bulk_extend(ox.parse(b"\n".join(others), ox.RdfFormat.N_QUADS, lenient=True))
    return (total + sum(line_digest(str(quad) + " .") for quad in kept)) % MODULUS


def digest_of_store(store: ox.Store) -> int:
    """The digest of every quad in a store but its own state."""
    state = ox.NamedNode(STATE_GRAPH)
    return digest_of_quads(quad for quad in store if quad.graph_name != state)


def digest_of_quads(quads: Iterable[ox.Quad]) -> int:
    """The digest of distinct quads in Oxigraph's form."""
    return sum(line_digest(f"{quad} .") for quad in quads) % MODULUS


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
