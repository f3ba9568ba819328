"""The records of a release: one JSON line for each entity and association, found by integer row.

``records/`` of a compiled release holds ``entities.jsonl`` (sorted by CURIE) and ``associations.jsonl``
(in reading order: what is curated first, then by predicate), each with an array of offsets, and one integer
array for each column that is filtered by. All are memory-mapped, so they are shared between processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import orjson

from stemgraph.graph.columns import Column, Grouping
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.lines import Lines, MappedLines
from stemgraph.graph.model import Association, Entity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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


class MappedRecords:
    """The records of a compiled release, read from its memory-mapped ``records/`` directory.

    Raises:
        DataDirectoryError: A file is missing, unreadable or cut short.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.entity_lines: Lines = MappedLines(directory, "entities")
        self.association_lines: Lines = MappedLines(directory, "associations")
        # One question looks the same few entities up several times, at 4 µs each.
        self._row_of = lru_cache(maxsize=8192)(self.entity_lines.row_of)
        self.association_order = Column(directory / "association_order.npy")
        try:
            self.names: dict[str, list[str]] = orjson.loads((directory / "names.json").read_bytes())
        except (OSError, ValueError) as error:
            raise DataDirectoryError(
                "cannot be read", place=str(directory / "names.json"), mend="compile the release again"
            ) from error

    def __reduce__(self) -> tuple[type[MappedRecords], tuple[Path]]:
        """Another process maps the same files."""
        return MappedRecords, (self._directory,)

    @property
    def entity_count(self) -> int:
        """Number of entities; their rows follow the sorted CURIEs."""
        return len(self.entity_lines)

    @property
    def association_count(self) -> int:
        """Number of associations, negated and backbone ones included."""
        return len(self.association_lines)

    @property
    def subjects(self) -> NDArray[np.int32]:
        """Entity row of each association's subject, by association row."""
        return self.column("subject").array

    @property
    def objects(self) -> NDArray[np.int32]:
        """Entity row of each association's object, by association row."""
        return self.column("object").array

    @property
    def predicates(self) -> NDArray[np.int32]:
        """Index into ``predicate_names`` of each association's predicate, by association row."""
        return self.column("predicate").array

    @property
    def negated(self) -> NDArray[np.bool_]:
        """Whether each association is negated, by association row."""
        # Written as bytes; arithmetic on them would not be logic.
        negated: NDArray[np.bool_] = self.column("negated").array.view("?")
        return negated

    @property
    def predicate_names(self) -> tuple[str, ...]:
        """Names of the predicates, in the order of the vocabulary."""
        return tuple(self.names["predicate"])

    @cached_property
    def by_subject(self) -> Grouping:
        """Association rows of each entity row that is a subject."""
        return Grouping(self._directory, "by_subject")

    @cached_property
    def by_object(self) -> Grouping:
        """Association rows of each entity row that is an object."""
        return Grouping(self._directory, "by_object")

    @cached_property
    def _columns(self) -> dict[str, Column]:
        return {}

    def column(self, name: str) -> Column:
        """An integer column by its file's name, such as ``subject`` or ``status``."""
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = Column(self._directory / f"{name}.npy")
        return column

    def entity(self, curie: str) -> Entity | None:
        """The entity of this CURIE, or None."""
        row = self.entity_row(curie)
        return None if row is None else self.entity_at(row)

    def entity_bytes(self, curie: str) -> bytes | None:
        """The JSON record of the entity of this CURIE, or None."""
        row = self.entity_row(curie)
        return None if row is None else self.entity_lines[row]

    def entities(self) -> Iterator[Entity]:
        """Every entity, in row order."""
        return map(self.entity_at, range(len(self.entity_lines)))

    def entity_row(self, curie: str) -> int | None:
        """The row of the entity of this CURIE, or None."""
        return self._row_of(curie)

    def first_entity_from(self, key: bytes) -> int:
        """The first row whose CURIE and a quotation mark are not before these bytes."""
        return self.entity_lines.first_from(key)

    def ids_from(self, prefix: str) -> Iterator[str]:
        """The CURIEs that begin so, in row order."""
        for row in range(self.first_entity_from(prefix.encode()), len(self.entity_lines)):
            curie = self.entity_lines.identifier(row)
            if not curie.startswith(prefix):
                return
            yield curie

    def entity_id(self, row: int) -> str:
        """The CURIE of the entity in a row."""
        return self.entity_lines.identifier(row)

    def entity_bytes_at(self, row: int) -> bytes:
        """The JSON record of the entity in a row."""
        return self.entity_lines[row]

    def entity_at(self, row: int) -> Entity:
        """The entity in a row."""
        return Entity.from_record(orjson.loads(self.entity_lines[row]))

    def association(self, identifier: str) -> Association | None:
        """The association of this ``sga:`` CURIE, or None."""
        row = self.association_row(identifier)
        return None if row is None else self.association_at(row)

    def association_bytes(self, row: int) -> bytes:
        """The JSON record of the association in a row."""
        return self.association_lines[row]

    def associations(self) -> Iterator[Association]:
        """Every association in row order, the lean backbone ones filled in."""
        return map(self.association_at, range(len(self.association_lines)))

    def association_row(self, identifier: str) -> int | None:
        """The row of the association of this ``sga:`` CURIE, or None."""
        wanted = identifier.encode() + b'"'
        order, lines = self.association_order, self.association_lines
        low, high = 0, len(order)
        while low < high:
            middle = (low + high) // 2
            if lines.key(order[middle], len(wanted)) < wanted:
                low = middle + 1
            else:
                high = middle
        found = low < len(order) and lines.key(order[low], len(wanted)) == wanted
        return order[low] if found else None

    def association_id(self, row: int) -> str:
        """The ``sga:`` CURIE of the association in a row."""
        return self.association_lines.identifier(row)

    def association_at(self, row: int) -> Association:
        """The association in a row."""
        return Association.from_record(orjson.loads(self.association_lines[row]))
