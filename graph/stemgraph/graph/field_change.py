"""What differs between two records of the same thing, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from stemgraph.graph.model import Record

_PARTS: Final = ("attributes", "qualifiers")
"""Fields that are objects: their members are compared one by one."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field and its values before and after; one that is absent is None.

    A member of an object is named ``attributes/date``, a piece of evidence ``evidence/sge:…``.
    """

    field: str
    before: Any
    after: Any

    def to_record(self) -> Record:
        """The JSON shape."""
        return {"field": self.field, "before": self.before, "after": self.after}


def field_changes(before: Record, after: Record) -> Iterator[FieldChange]:
    """The fields in which two bare records differ, in the order of the record."""
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if name in _PARTS:
            yield from _members(name, old or {}, new or {})
        elif name == "evidence":
            yield from _members(name, _by_id(old or ()), _by_id(new or ()))
        else:
            yield FieldChange(name, old, new)


def with_changes(before: Record, changes: Iterable[FieldChange]) -> Record:
    """The bare record that these changes make of another."""
    record = dict(before)
    for change in changes:
        name, _, member = change.field.partition("/")
        if not member:
            record[name] = change.after
            continue
        known = _by_id(record.get(name, ())) if name == "evidence" else dict(record.get(name) or {})
        known.pop(member, None)
        if change.after is not None:
            known[member] = change.after
        record[name] = _in_order(known) if name == "evidence" else dict(sorted(known.items()))
    return record


def _members(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    for member in sorted({*before, *after}):
        old, new = before.get(member), after.get(member)
        if old != new:
            yield FieldChange(f"{name}/{member}", old, new)


def _by_id(evidence: Iterable[Record]) -> dict[str, Any]:
    return {each["id"]: each for each in evidence}


def _in_order(evidence: Mapping[str, Any]) -> list[Record]:
    """Evidence as an association lists it: the strongest tier first."""
    found = cast("list[Record]", list(evidence.values()))
    return sorted(found, key=lambda each: (each["source_tier"], each["reference"], each["id"]))
