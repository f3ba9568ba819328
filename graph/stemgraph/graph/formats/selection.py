"""What an export writes: a whole release, or some of its associations with the entities they name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from stemgraph.graph.model import Association, Entity

if TYPE_CHECKING:
    from stemgraph.graph.edition import Edition
    from stemgraph.graph.formats.statements import Statements
    from stemgraph.graph.records import Records


class Selection:
    """Entities and associations that can be read through any number of times, one at a time.

    Args:
        records: The release they are read from.
        associations: Only these, with the entities at their ends; None for the whole release.
        statements: Those of the whole, from which RDF of it is written unchanged.
        inferred: Gives what is inherited, which RDF has in a graph of its own.
        edition: The edition, where RDF is to say which it is from.
    """

    def __init__(
        self,
        records: Records,
        *,
        associations: Iterable[Association] | None = None,
        statements: Statements | None = None,
        inferred: Callable[[], Iterator[Association]] | None = None,
        edition: Edition | None = None,
    ) -> None:
        self.edition = edition
        self._records = records
        # Ids only: a selection may be a large part of the release, and a generator is read once.
        self._ids = None if associations is None else [each.id for each in associations]
        self.statements = statements if associations is None else None
        self._inferred = inferred

    @property
    def has_inferred(self) -> bool:
        """Whether what is inherited is wanted."""
        return self._inferred is not None

    def inferred(self) -> Iterator[Association]:
        """The associations as they are inherited; none where that is not wanted."""
        return iter(()) if self._inferred is None else self._inferred()

    def associations(self) -> Iterator[Association]:
        """The associations, negated ones included."""
        if self._ids is None:
            yield from self._records.associations()
            return
        for identifier in self._ids:
            association = self._records.association(identifier)
            if association is not None:
                yield association

    def edges(self) -> Iterator[Association]:
        """The associations that are not negated: those that graph tools may walk."""
        return (each for each in self.associations() if not each.negated)

    def entities(self) -> Iterator[Entity]:
        """The entities by id: all of a release, or those that the associations name."""
        if self._ids is None:
            yield from self._records.entities()
            return
        named: set[str] = set()
        for association in self.associations():
            named |= {association.subject.id, association.object.id}
            if association.regulatory_action is not None:
                named.add(association.regulatory_action)
        for identifier in sorted(named):
            entity = self._records.entity(identifier)
            if entity is not None:
                yield entity
