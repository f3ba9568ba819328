"""All regulatory actions of a release, read once and found by product."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Final

from stemgraph.graph.errors import BadRequestError
from stemgraph.graph.regulatory.action import CATEGORY, TYPE_OF_STATUS, RegulatoryAction
from stemgraph.graph.regulatory.period import Period

if TYPE_CHECKING:
    from stemgraph.graph.knowledge_graph import KnowledgeGraph

FLAT_PREDICATES: Final = ("approved_by", "refused_by", "restricted_by", "withdrawn_by")
"""The predicates of the flat form of an action."""

_TELLING: Final = ("treats", "prevents", "mobilizes")
"""Predicates whose status says how their subject stands with regulators; of others it is the object's."""


class ActionRegister:
    """The regulatory actions of one release."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph

    @cached_property
    def known_by(self) -> date | None:
        """The day by which everything in the release had happened: its date."""
        try:
            return Period.parse(self._graph.edition.date).latest
        except BadRequestError:
            return None

    @cached_property
    def versions(self) -> dict[str, str]:
        """The version of each source, by its name."""
        return {
            str(each["name"]): str(each.get("version"))
            for each in self._graph.release.sources
            if "name" in each
        }

    @cached_property
    def actions(self) -> tuple[RegulatoryAction, ...]:
        """Every action, by date, then id; those of unknown date last."""
        records = self._graph.records
        if CATEGORY not in records.names["category"]:
            return ()
        bit = 1 << records.names["category"].index(CATEGORY)
        column = records.column("category").values
        flat = self._flat_forms()
        found = [
            RegulatoryAction.from_entity(
                records.entity_at(row),
                known_by=self.known_by,
                associations=flat.get(records.entity_id(row), ()),
            )
            for row in range(records.entity_count)
            if column[row] & bit
        ]
        return tuple(sorted(found, key=reading_order))

    @cached_property
    def by_product(self) -> dict[str, tuple[RegulatoryAction, ...]]:
        """The actions of each product, by its CURIE."""
        found: dict[str, list[RegulatoryAction]] = {}
        for action in self.actions:
            found.setdefault(action.product.id, []).append(action)
        return {product: tuple(actions) for product, actions in found.items()}

    def told(self, product: str) -> tuple[RegulatoryAction, ...]:
        """What the statuses of a product's associations tell of actions, beside those that are recorded."""
        known = [name for name in _TELLING if name in self._graph.records.names["predicate"]]
        if not known:
            return ()
        rows = self._graph.associations(subject=product, predicate=tuple(known), negated=False, limit=None)
        found = [
            RegulatoryAction.from_association(each, known_by=self.known_by)
            for each in rows
            if each.status in TYPE_OF_STATUS and "jurisdiction" in each.qualifiers
        ]
        return tuple(sorted(found, key=reading_order))

    def _flat_forms(self) -> dict[str, tuple[str, ...]]:
        known = [name for name in FLAT_PREDICATES if name in self._graph.records.names["predicate"]]
        found: dict[str, tuple[str, ...]] = {}
        if known:
            for each in self._graph.associations(predicate=tuple(known), limit=None):
                if each.regulatory_action:
                    found[each.regulatory_action] = (*found.get(each.regulatory_action, ()), each.id)
        return found


def reading_order(action: RegulatoryAction) -> tuple[str, str, str]:
    """Actions by the first day on which they can have happened, else by the last; then by id."""
    earliest, latest = action.occurred.earliest, action.occurred.latest
    first = earliest or latest
    return (first.isoformat() if first else "9999", latest.isoformat() if latest else "9999", action.id)
