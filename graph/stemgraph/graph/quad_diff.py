"""An explicit change of the graph: the quads that it adds and those that it removes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from stemgraph.graph.errors import BadRequestError

_MODULUS: Final = 1 << 256


@dataclass(frozen=True, slots=True)
class QuadDiff:
    """Quads as canonical N-Quads lines without a line end; no quad is on both sides.

    Made of sets, so that applying one twice changes nothing more, which is what replaying a journal needs.
    """

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, added: Iterable[ox.Quad] = (), removed: Iterable[ox.Quad] = ()) -> QuadDiff:
        """The difference that these quads make, as Oxigraph stores them; what is on both sides is added.

        Raises:
            BadRequestError: A quad has a blank node, which has no identity in another copy of the graph.
        """
        new, old = lines_of(added), lines_of(removed)
        return cls(new, old - new)

    @property
    def subjects(self) -> frozenset[str]:
        """IRIs of the subjects that it touches."""
        lines = (*self.added, *self.removed)
        return frozenset(line[1 : line.index(">")] for line in lines)

    def then(self, later: QuadDiff) -> QuadDiff:
        """Both, one after the other, as one difference."""
        return QuadDiff(
            (self.added - later.removed) | later.added, (self.removed - later.added) | later.removed
        )

    def inverse(self) -> QuadDiff:
        """What undoes it, where it was applied to a graph that it changed in every quad."""
        return QuadDiff(self.removed, self.added)

    def digest_after(self, digest: int) -> int:
        """The digest of a state after it, from that before; it must change every quad that it names."""
        added = sum(map(line_digest, self.added))
        return (digest + added - sum(map(line_digest, self.removed))) % _MODULUS

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)


def line_digest(line: str) -> int:
    """The digest of one quad; that of a state is the sum over its quads, modulo 2 to the power of 256."""
    return int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")


def lines_of(quads: Iterable[ox.Quad]) -> frozenset[str]:
    """Quads as canonical lines, each literal in the form in which Oxigraph keeps it (``2.50`` as ``2.5``).

    Raises:
        BadRequestError: A quad has a blank node.
    """
    kept = ox.Store()
    kept.extend(quads)
    return frozenset(map(line_of, kept))


def line_of(quad: ox.Quad) -> str:
    """A quad as a canonical line without its end.

    Raises:
        BadRequestError: It has a blank node.
    """
    if has_blank_node(quad):
        raise BadRequestError(
            "a statement has a blank node, which has no identity in another copy of the graph",
            place=str(quad),
            mend="mint an IRI for it",
        )
    graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else f"{quad.graph_name} "
    return f"{quad.subject} {quad.predicate} {_text(quad.object)} {graph}."


def has_blank_node(quad: ox.Quad | ox.Triple) -> bool:
    """Whether any of its terms is a blank node, be it within a triple term."""
    object_ = quad.object
    return (
        isinstance(quad.subject, ox.BlankNode)
        or isinstance(object_, ox.BlankNode)
        or (isinstance(object_, ox.Triple) and has_blank_node(object_))
        or (isinstance(quad, ox.Quad) and isinstance(quad.graph_name, ox.BlankNode))
    )


def _text(term: object) -> str:
    """A term as N-Quads writes it; pyoxigraph leaves out the brackets of a triple term (RDF 1.2)."""
    if isinstance(term, ox.Triple):
        return f"<<( {term.subject} {term.predicate} {_text(term.object)} )>>"
    return str(term)
