"""Finding the rows of the associations that a query asks for, on the integer columns of a release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from stemgraph.graph.association_query import AssociationQuery
from stemgraph.graph.errors import UnknownIdentifierError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from stemgraph.graph.records import MappedRecords


class Condition(NamedTuple):
    """What a column's integer must be: one of these, or have one of these bits."""

    column: str
    values: frozenset[int] = frozenset()
    bits: int = 0


def matching_rows(records: MappedRecords, query: AssociationQuery) -> Sequence[int]:
    """The association rows that a checked query asks for, in reading order.

    Raises:
        UnknownIdentifierError: An end is not in the release.
    """
    conditions = _conditions(records, query)
    start = _rows_of_ends(records, query)
    if start is None:
        if not conditions and query.category is None:
            return range(records.association_count)
        return _filter_all(records, conditions, query.category)
    rows = _meeting(records, conditions, start)
    return rows if query.category is None else _of_category(records, query, rows)


def passing_rows(records: MappedRecords, query: AssociationQuery, rows: Sequence[int]) -> Sequence[int]:
    """Which of some rows pass a checked query's filters, ends and category left aside."""
    return _meeting(records, _conditions(records, query), rows)


def _meeting(records: MappedRecords, conditions: list[Condition], rows: Sequence[int]) -> Sequence[int]:
    for condition in conditions:
        values = records.column(condition.column).values
        if condition.bits:
            rows = [row for row in rows if values[row] & condition.bits]
        else:
            rows = [row for row in rows if values[row] in condition.values]
    return rows


def rows_of_entity(records: MappedRecords, entity: int) -> Sequence[int]:
    """The rows of the associations at either end of which an entity stands."""
    as_subject, as_object = records.by_subject[entity], records.by_object[entity]
    if not len(as_object):
        return as_subject
    if not len(as_subject):
        return as_object
    return sorted({*as_subject, *as_object})


def _entity_row(records: MappedRecords, curie: str) -> int:
    row = records.entity_row(curie)
    if row is None:
        raise UnknownIdentifierError(curie)
    return row


def _rows_of_ends(records: MappedRecords, query: AssociationQuery) -> Sequence[int] | None:
    """The rows with the ends asked for, ascending; None where no end is."""
    parts: list[Sequence[int]] = []
    if query.subject is not None:
        parts.append(records.by_subject[_entity_row(records, query.subject)])
    if query.object is not None:
        parts.append(records.by_object[_entity_row(records, query.object)])
    if query.entity is not None:
        parts.append(rows_of_entity(records, _entity_row(records, query.entity)))
    if len(parts) <= 1:
        return parts[0] if parts else None
    return sorted(set(parts[0]).intersection(*parts[1:]))


def _conditions(records: MappedRecords, query: AssociationQuery) -> list[Condition]:
    names = records.names
    conditions: list[Condition] = []
    if query.predicates:
        wanted = frozenset(names["predicate"].index(name) for name in query.predicates)
        conditions.append(Condition("predicate", wanted))
    for column in ("status", "source"):
        value = getattr(query, column)
        if value is not None:
            known = names[column]
            conditions.append(Condition(column, frozenset([known.index(value)] if value in known else [])))
    if query.negated is not None:
        conditions.append(Condition("negated", frozenset([int(query.negated)])))
    for column in ("jurisdiction", "donor_type"):
        value = getattr(query, column)
        if value is not None:
            known = names[column]
            # A value that no association has: no integer is in the empty set.
            bits = 1 << known.index(value) if value in known else 0
            conditions.append(Condition(column, bits=bits))
    return conditions


def _of_category(records: MappedRecords, query: AssociationQuery, rows: Sequence[int]) -> list[int]:
    bit = 1 << records.names["category"].index(str(query.category))
    category = records.column("category").values
    subject, object_ = records.column("subject").values, records.column("object").values
    if query.entity is not None:
        entity = _entity_row(records, query.entity)
        return [
            row for row in rows if category[object_[row] if subject[row] == entity else subject[row]] & bit
        ]
    if query.subject is not None and query.object is not None:
        return [row for row in rows if (category[subject[row]] | category[object_[row]]) & bit]
    end = object_ if query.subject is not None else subject
    return [row for row in rows if category[end[row]] & bit]


def filter_mask(records: MappedRecords, query: AssociationQuery) -> NDArray[np.bool_]:
    """By association row: whether it passes a checked query's filters, ends and category left aside."""
    return _mask(records, _conditions(records, query))


def _mask(records: MappedRecords, conditions: list[Condition]) -> NDArray[np.bool_]:
    import numpy as np  # noqa: PLC0415  # 0.1 s that the questions about one entity need not pay

    keep = np.ones(records.association_count, dtype=np.bool_)
    for condition in conditions:
        values: NDArray[Any] = records.column(condition.column).array
        if condition.bits:
            keep &= (values & condition.bits) != 0
        else:
            keep &= np.isin(values, list(condition.values))
    return keep


def _filter_all(records: MappedRecords, conditions: list[Condition], category: str | None) -> Sequence[int]:
    """The same over every row, vectorised."""
    import numpy as np  # noqa: PLC0415  # as above

    keep = _mask(records, conditions)
    if category is not None:
        has = (records.column("category").array & (1 << records.names["category"].index(category))) != 0
        keep &= has[records.subjects] | has[records.objects]
    rows: list[int] = np.flatnonzero(keep).tolist()
    return rows
