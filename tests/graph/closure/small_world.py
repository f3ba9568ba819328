"""Small graphs for closure, written in a few words and read back through the real records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any
from weakref import finalize

import pyoxigraph as ox

from stemgraph.graph.association_query import AssociationQuery
from stemgraph.graph.closure import BUDGET_MS, close
from stemgraph.graph.closure_index import ClosureIndex
from stemgraph.graph.formats.rdf_shape import association_quads, entity_quads
from stemgraph.graph.gathering import Gathering
from stemgraph.graph.inherited_associations import InheritedAssociations
from stemgraph.graph.model import Association, Entity, Mapped
from stemgraph.graph.records import MappedRecords
from stemgraph.graph.writing import RecordWriter, write_records
from stemgraph.ontology.identity import association_id

VERSIONS = {"mondo": "v1", "curated": "1", "groupings": "7"}


@dataclass
class World:
    """Entities by CURIE with their category, and associations, collected one by one."""

    entities: dict[str, Entity] = field(default_factory=dict)
    associations: list[Association] = field(default_factory=list)

    def has(
        self, *curies: str, category: str = "disease", groups: tuple[str, ...] = (), under: str = ""
    ) -> World:
        """Add entities; with ``groups`` they are groupings of these, standing under another."""
        mappings = [Mapped("narrow", each) for each in groups] + ([Mapped("broad", under)] if under else [])
        for curie in curies:
            source = "groupings" if mappings else "curated"
            self.entities[curie] = Entity(
                curie, f"name of {curie}", (category,), mappings=tuple(mappings), source=source
            )
        return self

    def states(
        self,
        subject: str,
        predicate: str,
        object_: str,
        *,
        negated: bool = False,
        status: str = "established",
        source: str = "curated",
        qualifiers: Mapping[str, Any] | None = None,
    ) -> str:
        """Add an association and give its CURIE back."""
        scope = dict(qualifiers or {})
        identifier = association_id(subject, predicate, object_, negated=negated, qualifiers=scope)
        self.associations.append(
            Association(
                id=identifier,
                subject=self.entities[subject].reference,
                predicate=predicate,
                object=self.entities[object_].reference,
                negated=negated,
                qualifiers=scope,
                status=status,
                evidence=(),
                source=source,
            )
        )
        return identifier

    def is_a(self, *chain: str, source: str = "mondo") -> None:
        """State that each is a kind of the next."""
        for lower, upper in pairwise(chain):
            self.states(lower, "subclass_of", upper, source=source)

    @cached_property
    def index(self) -> ClosureIndex:
        """The world as closure reads it; nothing more can be added then."""
        directory = Path(mkdtemp(prefix="stemgraph-world-"))
        finalize(self, rmtree, directory, ignore_errors=True)
        text = "".join(sorted(f"{quad} .\n" for quad in set(self._quads())))
        records = directory / "records"
        write_records(RecordWriter(Gathering.from_text([text], place="world")), records)
        return ClosureIndex(MappedRecords(records), VERSIONS)

    def found(self, *, budget_ms: float = BUDGET_MS, **filters: Any) -> InheritedAssociations:
        """What closure finds."""
        query = AssociationQuery(**{"limit": None, "closure": True, **filters}).checked(
            self.index.records.names
        )
        return InheritedAssociations(close(self.index, query, budget_ms=budget_ms), query, "release")

    def _quads(self) -> Iterator[ox.Quad]:
        for entity in self.entities.values():
            yield from entity_quads(entity)
        for association in self.associations:
            yield from association_quads(association)


def ends(found: InheritedAssociations) -> set[tuple[str, bool, str, str | None]]:
    """Subject, whether it is negated, object and rule of what was found."""
    return {
        (each.subject.id, each.negated, each.object.id, each.inherited.rule if each.inherited else None)
        for each in found
    }
