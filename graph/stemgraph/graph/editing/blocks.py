"""The statements of single subjects, read from a store in the form in which a release is compiled."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from stemgraph.graph.aside import Aside
from stemgraph.graph.gathering import Gathering
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.graph.store import OxigraphStore
from stemgraph.ontology.errors import MalformedIdentifierError
from stemgraph.ontology.identifiers import expand


class Blocks:
    """Reads what is said of some subjects after an edit.

    Args:
        store: What is stated.
        diff: The edit, which the store may hold already or not.
        aside: The graphs that no record is made of.
    """

    def __init__(
        self, store: OxigraphStore, diff: QuadDiff | None = None, *, aside: Aside | None = None
    ) -> None:
        self._store = store
        self.aside = aside or Aside()
        self._removed = diff.removed if diff else frozenset[str]()
        self._added = ox.Store()
        if diff:
            self._added.extend(ox.parse("".join(f"{line}\n" for line in diff.added), ox.RdfFormat.N_QUADS))

    def lines(self, iri: str) -> set[str]:
        """The lines of a subject, without their ends."""
        return {_line(quad) for quad in self._quads(ox.NamedNode(iri))}

    def gather(self, iris: Iterable[str]) -> Gathering:
        """What is said of these subjects."""
        return gather([line for iri in iris for line in self.lines(iri)], aside=self.aside)

    def subjects(
        self, predicate: str | None, term: ox.NamedNode | ox.Literal | None
    ) -> Iterator[tuple[str, str]]:
        """The IRIs of the subjects of a predicate and object, each with the predicate's IRI."""
        wanted = None if predicate is None else ox.NamedNode(predicate)
        for quad in self._quads(None, wanted, term):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject.value, quad.predicate.value

    def objects(self, predicate: str) -> set[str]:
        """The IRIs, and texts of literals, that are objects of a predicate."""
        found = self._quads(None, ox.NamedNode(predicate))
        return {quad.object.value for quad in found if isinstance(quad.object, (ox.NamedNode, ox.Literal))}

    def _quads(
        self,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None = None,
        term: ox.NamedNode | ox.Literal | None = None,
    ) -> Iterator[ox.Quad]:
        for quad in self._store.quads(subject, predicate, term):
            if not (self._removed and _line(quad) in self._removed):
                yield quad
        yield from self._added.quads_for_pattern(subject, predicate, term)


def gather(lines: Iterable[str], *, aside: Aside | None = None) -> Gathering:
    """What some lines say, in any order and without their ends."""
    text = "".join(f"{line}\n" for line in sorted(lines))
    return Gathering.from_text([text] if text else [], place="the edit", aside=aside)


def iri_of(curie: str) -> str:
    """The IRI of which ``compress`` makes this CURIE, or the IRI that it left as it was."""
    try:
        return expand(curie)
    except MalformedIdentifierError:
        return curie


def before_edit(lines: Mapping[str, set[str]], diff: QuadDiff) -> dict[str, set[str]]:
    """The lines of each subject as they were, from what they are and what was edited."""
    earlier = {subject: kept - diff.added for subject, kept in lines.items()}
    for line in diff.removed:
        earlier[line[1 : line.index(">")]].add(line)
    return earlier


def _line(quad: ox.Quad) -> str:
    graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else f"{quad.graph_name} "
    return f"{quad.subject} {quad.predicate} {quad.object} {graph}."
