"""What edits need to know of a graph beside its records: how its rows, evidence and sources came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson
import pyoxigraph as ox

from stemgraph.graph.aside import Aside
from stemgraph.graph.editing.blocks import Blocks, iri_of
from stemgraph.graph.editing.tally import Tally
from stemgraph.graph.gathering import Gathering
from stemgraph.graph.model import Record
from stemgraph.graph.standing import settle
from stemgraph.graph.store import OxigraphStore
from stemgraph.graph.writing import CURATED_SOURCES
from stemgraph.ontology.identifiers import PREFIXES, compress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from stemgraph.graph.records import MappedRecords

SGV: Final = PREFIXES["sgv"]
TYPE: Final = f"{PREFIXES['rdf']}type"
DATASET: Final = f"{PREFIXES['void']}Dataset"
HAS_EVIDENCE: Final = f"{SGV}has_evidence"

_STANDING: Final = ("retracted", "retracted_by", "superseded_by")
_REFERENCE: Final = f"{SGV}reference"
_TELLING: Final = ("retracts", "supersedes")
_ABOUT_EVIDENCE: Final = (*_TELLING, "retracted_by", "superseded_by")


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """The evidence by which it is told what other evidence is worth, and that of which it is told."""

    stated: Mapping[str, Record]
    settled: Mapping[str, Record]

    @classmethod
    def of(cls, blocks: Blocks) -> Telling:
        """All of it that is stated somewhere."""
        wanted = {iri for name in _ABOUT_EVIDENCE for iri, _ in blocks.subjects(SGV + name, None)}
        wanted |= {iri for iri, _ in blocks.subjects(f"{SGV}retracted", ox.Literal(value=True))}
        for named in {compress(each) for name in _TELLING for each in blocks.objects(SGV + name)}:
            node = _node(iri_of(named))
            if node is not None:
                wanted.add(node.value)
                wanted |= {iri for iri, _ in blocks.subjects(_REFERENCE, node)}
            wanted |= {iri for iri, _ in blocks.subjects(_REFERENCE, ox.Literal(named))}
        stated = blocks.gather(wanted).evidence
        gathering = Gathering()
        gathering.evidence = {curie: dict(record) for curie, record in stated.items()}
        settle(gathering)
        return cls(stated, gathering.evidence)

    def changed_since(self, earlier: Telling) -> set[str]:
        """The CURIEs of the evidence that stands otherwise than it did."""
        either = {*self.settled, *earlier.settled}
        return {each for each in either if self._standing(each) != earlier._standing(each)}

    def _standing(self, curie: str) -> tuple[object, ...]:
        record = self.settled.get(curie)
        return tuple(record[name] for name in _STANDING) if record else (False, [], [])


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """What a compiled release forgets once its records are written."""

    lean: NDArray[np.bool_]
    """Whether each association, by row, leaves its standing to its source."""
    sources: Mapping[str, Record]
    """What is said of each named graph."""
    telling: Telling
    tally: Tally
    aside: Aside

    @classmethod
    def of_release(
        cls, records: MappedRecords, store: OxigraphStore, statistics: Record, aside: Aside
    ) -> Ledger:
        """Find it out again from a release."""
        blocks = Blocks(store, aside=aside)
        datasets = {iri for iri, _ in blocks.subjects(TYPE, ox.NamedNode(DATASET))}
        return cls(
            lean=_lean_rows(records, blocks),
            sources=blocks.gather(datasets).sources,
            telling=Telling.of(blocks),
            tally=Tally(statistics),
            aside=aside,
        )


def _lean_rows(records: MappedRecords, blocks: Blocks) -> NDArray[np.bool_]:
    """Which rows are lean: of what is curated, and of the rest, those from some row on."""
    import numpy as np  # noqa: PLC0415  # see columns.Column.array

    count = records.association_count
    lean = np.zeros(count, np.bool_)
    codes = [code for code, name in enumerate(records.names["source"]) if name in CURATED_SOURCES]
    curated = int(np.isin(records.column("source").array, codes).sum())
    for first, last in ((0, curated), (curated, count)):
        low, high = first, last
        while low < high:
            middle = (low + high) // 2
            if _is_lean(records, blocks, middle):
                high = middle
            else:
                low = middle + 1
        lean[low:last] = True
    return lean


def _is_lean(records: MappedRecords, blocks: Blocks, row: int) -> bool:
    record: Record = orjson.loads(records.association_bytes(row))
    # What was lowered with its evidence says so itself.
    if any(each["retracted"] or each["superseded_by"] for each in record["evidence"]):
        return False
    stated = blocks.gather([iri_of(record["id"])]).associations
    return all(draft.details is None for draft in stated)


def _node(iri: str) -> ox.NamedNode | None:
    try:
        return ox.NamedNode(iri)
    except ValueError:  # the text of a literal, which is no IRI
        return None
