"""What an edit touches, gathered anew: the associations and entities whose records may differ after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, cast

import orjson
import pyoxigraph as ox

from stemgraph.graph.editing.blocks import Blocks, before_edit, gather, iri_of
from stemgraph.graph.editing.ledger import HAS_EVIDENCE, SGV, Ledger, Telling
from stemgraph.graph.gathering import (
    EntityDraft,
    Gathering,
    Reference,
    empty_record,
    graph_name,
)
from stemgraph.graph.model import Record
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.graph.shaping import STANDARD_STANDING
from stemgraph.graph.standing import settle
from stemgraph.ontology import vocabulary

if TYPE_CHECKING:
    from stemgraph.graph.records import MappedRecords

_REPEATED: Final = ("label", "categories")
"""What the records of others repeat of an entity."""


@dataclass(frozen=True, slots=True, eq=False)
class Regathered:
    """What an edit touches as it is after the edit, settled."""

    gathering: Gathering
    """Beside what is touched, also what its records name."""
    associations: frozenset[str]
    """The CURIEs of all that may have changed, come or gone; what has gone is not gathered."""
    entities: frozenset[str]
    """Likewise."""
    ledger: Ledger
    """As it is after the edit, but for what is by row, and the counts of associations and entities."""


class Regatherer:
    """Gathers anew what an edit touches.

    Args:
        records: As they were before the edit.
        ledger: Likewise.
        blocks: The statements after the edit.
        diff: The edit.
    """

    def __init__(self, records: MappedRecords, ledger: Ledger, blocks: Blocks, diff: QuadDiff) -> None:
        self._records = records
        self._ledger = ledger
        self._blocks = blocks
        lines = {subject: blocks.lines(subject) for subject in diff.subjects}
        before = before_edit(lines, diff)
        self._new = gather((line for kept in lines.values() for line in kept), aside=blocks.aside)
        self._old = gather((line for kept in before.values() for line in kept), aside=blocks.aside)
        self._associations = {draft.id for draft in (*self._old.associations, *self._new.associations)}
        self._entities = {*self._old.entities, *self._new.entities}
        self._gathering = Gathering()

    def regather(self) -> Regathered:
        """Everything that the edit touches."""
        sources = self._sources()
        telling = self._telling()
        touched = map(iri_of, (*self._associations, *self._entities))
        beside = (*self._restanding(telling), *self._renamed(), *self._resourced(sources))
        self._gathering = self._blocks.gather({*touched, *beside})
        self._gathering.sources = sources
        self._associations |= {draft.id for draft in self._gathering.associations}
        self._entities |= set(self._gathering.entities)
        self._settle_ends()
        self._add_named()
        self._add_evidence(telling)
        settle(self._gathering)
        ledger = replace(self._ledger, sources=sources, telling=telling, tally=self._ledger.tally.copy())
        self._count(ledger)
        return Regathered(self._gathering, frozenset(self._associations), frozenset(self._entities), ledger)

    def _sources(self) -> dict[str, Record]:
        """What is said of each named graph now."""
        kept = {name: said for name, said in self._ledger.sources.items() if name not in self._old.sources}
        return kept | self._new.sources

    def _resourced(self, sources: dict[str, Record]) -> Iterator[str]:
        """The associations of the named graphs of which it is now said otherwise how they stand."""
        names = self._records.names["source"]
        for name in {*self._old.sources, *self._new.sources}.intersection(names):
            if _standing(sources.get(name, {})) != _standing(self._ledger.sources.get(name, {})):
                code = names.index(name)
                for row, each in enumerate(self._records.column("source").values):
                    if each == code:
                        yield iri_of(self._records.association_id(row))

    def _telling(self) -> Telling:
        """The evidence that tells of other evidence, as it is now."""
        touched = self._old.evidence or self._new.evidence
        return Telling.of(self._blocks) if touched else self._ledger.telling

    def _restanding(self, telling: Telling) -> Iterator[str]:
        """What leans on evidence that is touched, or that stands otherwise now."""
        changed = telling.changed_since(self._ledger.telling) if telling is not self._ledger.telling else ()
        for curie in {*self._old.evidence, *self._new.evidence, *changed}:
            for subject, _ in self._blocks.subjects(HAS_EVIDENCE, ox.NamedNode(iri_of(curie))):
                yield subject

    def _renamed(self) -> Iterator[str]:
        """What repeats the label or categories of an entity that now has others."""
        for curie in tuple(self._entities):
            if _repeated(self._old, curie) == _repeated(self._new, curie):
                continue
            for row in self._rows_at(curie):
                yield iri_of(self._records.association_id(row))
            for subject, predicate in self._blocks.subjects(None, ox.NamedNode(iri_of(curie))):
                if predicate.startswith(SGV) and not vocabulary.predicate_by_iri(predicate):
                    yield subject

    def _rows_at(self, curie: str) -> Iterator[int]:
        """The rows, before the edit, of the associations that an entity is at an end of."""
        row = self._records.entity_row(curie)
        if row is not None:
            yield from self._records.by_subject[row]
            yield from self._records.by_object[row]

    def _settle_ends(self) -> None:
        """Find out which entities are there only for an association to have them as its end."""
        drafts = (*self._old.associations, *self._new.associations)
        ends = {end for draft in drafts for end in (draft.subject, draft.object)}
        unlabelled = (ends | self._entities) - set(self._gathering.entities)
        labelled = self._blocks.gather(map(iri_of, unlabelled)).entities
        self._gathering.entities |= labelled
        for curie in unlabelled - set(labelled):
            self._entities.add(curie)
            source = self._first_source(curie)
            if source is not None:
                self._gathering.entities[curie] = EntityDraft(empty_record(curie, curie, source), {})

    def _first_source(self, curie: str) -> str | None:
        """The source of the first association with this end, in the order of the statements."""
        found = {
            draft.id: draft.source
            for draft in self._gathering.associations
            if curie in (draft.subject, draft.object)
        }
        names, codes = self._records.names["source"], self._records.column("source").values
        for row in self._rows_at(curie):
            identifier = self._records.association_id(row)
            if identifier not in self._associations:
                found[identifier] = names[codes[row]]
        return found[min(found, key=lambda each: f"<{iri_of(each)}>")] if found else None

    def _add_named(self) -> None:
        """Add the entities that are not touched but named by what is."""
        gathering = self._gathering
        named = {end for draft in gathering.associations for end in (draft.subject, draft.object)}
        for draft in gathering.associations:
            named.update(_references((draft.details or {}).get("qualifiers", {})))
        for entity in list(gathering.entities.values()):
            named.update(_references(entity.attributes))
        for curie in named - set(gathering.entities) - self._entities:
            line = self._records.entity_bytes(curie)
            if line is not None:
                gathering.entities[curie] = EntityDraft(orjson.loads(line), {})

    def _add_evidence(self, telling: Telling) -> None:
        """Add the evidence of what is touched, and what tells how it stands."""
        gathering = self._gathering
        wanted = {curie for draft in gathering.associations for curie in draft.evidence}
        for entity in gathering.entities.values():
            wanted.update(_references({"": entity.attributes.get("has_evidence")}))
        gathering.evidence = self._blocks.gather(map(iri_of, wanted)).evidence
        gathering.evidence |= {curie: dict(record) for curie, record in telling.stated.items()}

    def _count(self, ledger: Ledger) -> None:
        for gathered, change in ((self._old, -1), (self._new, 1)):
            for record in gathered.evidence.values():
                ledger.tally.count_evidence(record, change)
            for graph, count in gathered.quads.items():
                ledger.tally.count_quads(graph_name(graph), change * count)


def _standing(said: Record) -> Record:
    return {name: said[name] for name in STANDARD_STANDING if name in said}


def _repeated(gathering: Gathering, curie: str) -> list[object]:
    draft = gathering.entities.get(curie)
    record = draft.record if draft else empty_record(curie, curie, "")
    return [record[name] for name in _REPEATED]


def _references(values: Record) -> Iterator[str]:
    """The CURIEs that are named among some values."""
    for value in values.values():
        for each in cast("list[object]", value) if isinstance(value, list) else [value]:
            if isinstance(each, Reference):
                yield each.curie
