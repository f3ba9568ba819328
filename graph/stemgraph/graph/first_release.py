"""In which release each association first stood, carried into the statements of a new one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import orjson

from stemgraph.graph.gathering import graph_name
from stemgraph.graph.nquads import XSD, Block
from stemgraph.graph.records import MappedRecords
from stemgraph.ontology.identifiers import PREFIXES, compress

_SLOT: Final = f"<{PREFIXES['sgv']}first_release>"
_ASSOCIATION: Final = f"<{PREFIXES['sgv']}Association>"
_TYPED: Final = re.compile(rf"^\S+ <{PREFIXES['rdf']}type> {_ASSOCIATION}(?: (<[^>]*>))? \.$", re.MULTILINE)
_STATED: Final = re.compile(rf'^(\S+ {re.escape(_SLOT)} )"(-?\d+)"\^\^<{XSD}integer>', re.MULTILINE)
_GRAPH: Final = f"<{PREFIXES['sgg']}"
_STANDARD: Final = 1


def stated_by_sources(blocks: Iterable[Block]) -> Mapping[str, int]:
    """What the description of each named graph says of the associations that do not say it themselves."""
    found: dict[str, int] = {}
    for block in blocks:
        if block.subject.startswith(_GRAPH) and (stated := _STATED.search(block.text)):
            found[graph_name(block.subject)] = int(stated[2])
    return found


class FirstReleases:
    """The first releases of associations, as earlier releases have them.

    Args:
        earlier: Their records; the first that knows an association decides.
        number: The first release of what none of them knows.
    """

    def __init__(self, earlier: Sequence[MappedRecords], number: int) -> None:
        self._earlier = earlier
        self._number = number

    def of(self, association: str) -> int:
        """In which release the association of a CURIE first stood."""
        for records in self._earlier:
            row = records.association_row(association)
            if row is not None:
                return int(orjson.loads(records.association_bytes(row))["first_release"])
        return self._number

    def carried(self, block: Block, by_source: Mapping[str, int]) -> tuple[str, str | None]:
        """The lines of a subject with the first release of what it states.

        Where a line had to be added, the name of its named graph is given too.
        """
        typed = _TYPED.search(block.text) if _ASSOCIATION in block.text else None
        if typed is None:
            return block.text, None
        wanted = self.of(compress(block.subject[1:-1]))
        stated = {int(each[2]) for each in _STATED.finditer(block.text)}
        if stated:
            return block.text if stated == {wanted} else _replaced(block.text, wanted), None
        graph = typed[1] or ""
        name = graph_name(graph) if graph else "default"
        if by_source.get(name, _STANDARD) == wanted:
            return block.text, None
        place = f" {graph}" if graph else ""
        line = f'{block.subject} {_SLOT} "{wanted}"^^<{XSD}integer>{place} .\n'
        return _sorted(block.text + line), name


def _replaced(text: str, wanted: int) -> str:
    return _sorted(_STATED.sub(lambda found: f'{found[1]}"{wanted}"^^<{XSD}integer>', text))


def _sorted(text: str) -> str:
    """Lines in the order of a canonical file; two that have become one are one."""
    return "".join(sorted({line + "\n" for line in text[:-1].split("\n")}))
