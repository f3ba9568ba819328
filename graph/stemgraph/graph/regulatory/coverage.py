"""How the indication of an action stands to the disease that is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stemgraph.graph.inheritance import InheritanceStep
from stemgraph.graph.model import EntityReference, Record
from stemgraph.graph.regulatory.action import RegulatoryAction
from stemgraph.graph.subclass_walk import SubclassWalk

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
        self._walk = SubclassWalk(records, versions)
        self.disease = disease
        self._above = self._walk.above(disease.id)

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
                "broader", indication, self._walk.path(self._above, self.disease.id, indication.id)
            )
        above = self._walk.above(indication.id)
        if self.disease.id in above:
            return Coverage("narrower", indication, self._walk.path(above, indication.id, self.disease.id))
        return Coverage("other", indication)
