"""The records of a release: one JSON line for each entity and association, found by integer row.

``records/`` of a compiled release holds ``entities.jsonl`` (sorted by CURIE) and ``associations.jsonl``
(in reading order: what is curated first, then by predicate), each with an array of offsets, and one integer
array for each column that is filtered by. All are memory-mapped, so they are shared between processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from stemgraph.graph.model import Association, Entity


class Records(Protocol):
    """What reads entities and associations by id or row; rows count from 0 and never change in a release."""

    @property
    def entity_count(self) -> int:
        """Number of entities; their rows follow the sorted CURIEs."""
        ...

    @property
    def association_count(self) -> int:
        """Number of associations, negated and backbone ones included."""
        ...

    @property
    def subjects(self) -> NDArray[np.int32]:
        """Entity row of each association's subject, by association row."""
        ...

    @property
    def objects(self) -> NDArray[np.int32]:
        """Entity row of each association's object, by association row."""
        ...

    @property
    def predicates(self) -> NDArray[np.int32]:
        """Index into ``predicate_names`` of each association's predicate, by association row."""
        ...

    @property
    def predicate_names(self) -> tuple[str, ...]:
        """Names of the predicates, in the order of the vocabulary."""
        ...

    @property
    def negated(self) -> NDArray[np.bool_]:
        """Whether each association is negated, by association row."""
        ...

    def entity(self, curie: str) -> Entity | None:
        """The entity of this CURIE, or None."""
        ...

    def entity_bytes(self, curie: str) -> bytes | None:
        """The JSON record of the entity of this CURIE, or None."""
        ...

    def entities(self) -> Iterator[Entity]:
        """Every entity, in row order."""
        ...

    def entity_row(self, curie: str) -> int | None:
        """The row of the entity of this CURIE, or None."""
        ...

    def entity_id(self, row: int) -> str:
        """The CURIE of the entity in a row."""
        ...

    def entity_at(self, row: int) -> Entity:
        """The entity in a row."""
        ...

    def association(self, identifier: str) -> Association | None:
        """The association of this ``sga:`` CURIE, or None."""
        ...

    def association_bytes(self, row: int) -> bytes:
        """The JSON record of the association in a row."""
        ...

    def associations(self) -> Iterator[Association]:
        """Every association in row order, the lean backbone ones filled in."""
        ...

    def association_row(self, identifier: str) -> int | None:
        """The row of the association of this ``sga:`` CURIE, or None."""
        ...

    def association_id(self, row: int) -> str:
        """The ``sga:`` CURIE of the association in a row."""
        ...

    def association_at(self, row: int) -> Association:
        """The association in a row."""
        ...
