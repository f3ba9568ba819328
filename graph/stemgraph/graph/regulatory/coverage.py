"""How the indication of an action stands to the disease that is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stemgraph.graph.inheritance import InheritanceStep
from stemgraph.graph.model import EntityReference, Record
from stemgraph.graph.regulatory.action import RegulatoryAction

if TYPE_CHECKING:
    from stemgraph.graph.records import MappedRecords

_CLOSENESS: Final = ("exact", "broader", "narrower", "other")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether an action is about a disease, and how.

    ``relation`` is ``exact``; ``broader`` (its indication is a disease of which the asked one is a kind);
    ``narrower`` (its indication is a kind of the asked one); ``product`` (it names no indication, so it
    applies to the product as a whole); ``words`` (its indication stands in words alone); or ``other`` (about
    another disease). ``path`` leads from the narrower disease to the broader one.
    """

    relation: str
    indication: EntityReference | None = None
    path: tuple[InheritanceStep, ...] = ()

    def to_record(self) -> Record:
        """The JSON shape ``{relation, indication, path}``."""
        named = self.indication
        return {
            "relation": self.relation,
            "indication": None if named is None else {"id": named.id, "label": named.label},
            "path": [step.to_record() for step in self.path],
        }


class DiseaseCoverage:
    """How actions stand to one disease, along ``subclass_of``."""

    def __init__(self, records: MappedRecords, disease: EntityReference, versions: dict[str, str]) -> None:
        self._ascent = Ascent(records, versions)
        self.disease = disease
        self._above = self._ascent.above(disease.id)

    def of(self, action: RegulatoryAction) -> Coverage:
        """How an action stands to the disease: the closest of its indications decides."""
        if action.scope != "indications":
            return Coverage(action.scope)
        found = [self.of_indication(each) for each in action.indications]
        return min(found, key=lambda each: (_CLOSENESS.index(each.relation), len(each.path)))

    def of_indication(self, indication: EntityReference) -> Coverage:
        """How one indication stands to the disease."""
        if indication.id == self.disease.id:
            return Coverage("exact", indication)
        if indication.id in self._above:
            return Coverage(
                "broader", indication, self._ascent.path(self._above, self.disease.id, indication.id)
            )
        above = self._ascent.above(indication.id)
        if self.disease.id in above:
            return Coverage("narrower", indication, self._ascent.path(above, indication.id, self.disease.id))
        return Coverage("other", indication)


class Ascent:
    """Walks up ``subclass_of``, negated statements left out."""

    def __init__(self, records: MappedRecords, versions: dict[str, str]) -> None:
        self._records = records
        self._versions = versions
        names = records.names["predicate"]
        self._relation = names.index("subclass_of") if "subclass_of" in names else -1

    def above(self, curie: str) -> dict[str, int]:
        """The CURIEs above an entity, each with the association row of the last step, the nearest first."""
        records = self._records
        predicates, negated = records.column("predicate").values, records.column("negated").values
        objects = records.column("object").values
        found: dict[str, int] = {}
        todo = [curie]
        for current in todo:
            entity = records.entity_row(current)
            for row in () if entity is None else records.by_subject[entity]:
                if predicates[row] == self._relation and not negated[row]:
                    higher = records.entity_id(objects[row])
                    if higher not in found and higher != curie:
                        found[higher] = row
                        todo.append(higher)
        return found

    def path(self, above: dict[str, int], lower: str, upper: str) -> tuple[InheritanceStep, ...]:
        """The steps from an entity to one that ``above`` found over it."""
        steps: list[InheritanceStep] = []
        current = upper
        while current != lower:
            association = self._records.association_at(above[current])
            steps.append(
                InheritanceStep(
                    subject=association.subject,
                    relation=association.predicate,
                    object=association.object,
                    association=association.id,
                    ontology=association.source,
                    version=self._versions.get(association.source),
                )
            )
            current = association.subject.id
        return tuple(reversed(steps))
