"""In which release each association first stood, carried into the statements of a new one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

import orjson
import pyoxigraph as ox

from stemgraph.graph.aside import Aside
from stemgraph.graph.gathering import graph_name
from stemgraph.graph.nquads import XSD, Block
from stemgraph.graph.records import MappedRecords
from stemgraph.graph.release import ReleaseDirectory
from stemgraph.graph.store import OxigraphStore
from stemgraph.ontology.identifiers import PREFIXES, compress

_SLOT: Final = f"<{PREFIXES['sgv']}first_release>"
_ASSOCIATION: Final = f"<{PREFIXES['sgv']}Association>"
_TYPED: Final = re.compile(rf"^\S+ <{PREFIXES['rdf']}type> {_ASSOCIATION}(?: (<[^>]*>))? \.$", re.MULTILINE)
_STATED: Final = re.compile(rf'^(\S+ {re.escape(_SLOT)} )"(-?\d+)"\^\^<{XSD}integer>', re.MULTILINE)
_GRAPH: Final = f"<{PREFIXES['sgg']}"
_STANDARD: Final = 1


class FirstReleases:
    """The first releases of associations, as earlier releases have them.

    Args:
        earlier: Those releases; the first that knows an association decides.
        number: The first release of what none of them knows.
        blocks: The statements of the new release.
        aside: The graphs of it that no record is made of: nothing is added to them.
    """

    def __init__(
        self,
        earlier: Sequence[ReleaseDirectory],
        number: int,
        blocks: Iterable[Block],
        aside: Aside | None = None,
    ) -> None:
        self._aside = aside or Aside()
        self._earlier = [MappedRecords(each.records) for each in earlier]
        self._number = number
        before = _said_by_sources(earlier[0])
        known = {*before, *(each for records in self._earlier for each in records.names["source"])}
        self._by_source: dict[str, int] = {}
        for block in blocks:
            if block.subject.startswith(_GRAPH) and (stated := _STATED.search(block.text)):
                name = graph_name(block.subject)
                # A source that is new as a whole says so once, for all the axioms that say nothing.
                self._by_source[name] = before.get(name, int(stated[2])) if name in known else number

    def of(self, association: str) -> int:
        """In which release the association of a CURIE first stood."""
        for records in self._earlier:
            row = records.association_row(association)
            if row is not None:
                return int(orjson.loads(records.association_bytes(row))["first_release"])
        return self._number

    def carried(self, block: Block) -> tuple[str, str | None]:
        """The lines of a subject with the first release of what it states.

        Where a line had to be added, the name of its named graph is given too.
        """
        graph = self._graph_of_association(block.text) if _ASSOCIATION in block.text else None
        if graph is None:
            source = graph_name(block.subject) if block.subject.startswith(_GRAPH) else ""
            of_source = self._by_source.get(source)
            return (block.text if of_source is None else _replaced(block.text, of_source)), None
        wanted = self.of(compress(block.subject[1:-1]))
        stated = {int(each[2]) for each in _STATED.finditer(block.text)}
        if stated:
            return block.text if stated == {wanted} else _replaced(block.text, wanted), None
        name = graph_name(graph) if graph else "default"
        if self._by_source.get(name, _STANDARD) == wanted:
            return block.text, None
        place = f" {graph}" if graph else ""
        line = f'{block.subject} {_SLOT} "{wanted}"^^<{XSD}integer>{place} .\n'
        return _sorted(block.text + line), name

    def _graph_of_association(self, text: str) -> str | None:
        """The graph in which a subject is an association, as written; None where it is none."""
        for typed in _TYPED.finditer(text):
            if (graph := typed[1] or "") not in self._aside:
                return graph
        return None


def _said_by_sources(directory: ReleaseDirectory) -> dict[str, int]:
    """What the description of each named graph says of the associations that do not say it themselves."""
    store = OxigraphStore(directory.store)
    try:
        found = store.quads(None, ox.NamedNode(_SLOT[1:-1]), None, ox.DefaultGraph())
        return {
            graph_name(str(quad.subject)): int(quad.object.value)
            for quad in found
            if str(quad.subject).startswith(_GRAPH) and isinstance(quad.object, ox.Literal)
        }
    finally:
        store.close()


def _replaced(text: str, wanted: int) -> str:
    return _sorted(_STATED.sub(lambda found: f'{found[1]}"{wanted}"^^<{XSD}integer>', text))


def _sorted(text: str) -> str:
    """Lines in the order of a canonical file; two that have become one are one."""
    return "".join(sorted({line + "\n" for line in text[:-1].split("\n")}))
