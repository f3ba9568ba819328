"""What separates two statements of the same thing: the qualifiers in which they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from stemgraph.graph.model import Association, Record
from stemgraph.ontology.closure_rules import closure_rules

PREDICATE: Final = "predicate"
"""Stands for the predicate where this separates: a study of an effect does not claim it."""

NOT_SCOPE: Final = frozenset(
    {
        *("as_of", "claim", "date", "document", "frequency", "grade", "guideline", "hedge", "incidence"),
        *("note", "rank", "reason", "recommended_by", "status_detail", "trial"),
        *("grade_autologous", "grade_car_t", "grade_matched_sibling_donor"),
        *("grade_matched_unrelated_donor", "grade_mismatched_donor"),
    }
)
"""Qualifiers that tell who says it and how, not of whom, where and when it is so."""

_STUDIED: Final = 1
"""The strength on the treats ladder that claims no effect."""

Side = Literal["supporting", "opposing"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A qualifier of which the two statements have no value in common."""

    qualifier: str
    supporting: tuple[Any, ...]
    opposing: tuple[Any, ...]

    def to_record(self) -> Record:
        """The JSON shape ``{qualifier, supporting, opposing}``."""
        return {
            "qualifier": self.qualifier,
            "supporting": list(self.supporting),
            "opposing": list(self.opposing),
        }

    @property
    def words(self) -> str:
        """The difference as text, such as ``jurisdiction (JP against US)``."""
        sides = (" or ".join(map(_word, values)) for values in (self.supporting, self.opposing))
        return f"{self.qualifier.replace('_', ' ')} ({' against '.join(sides)})"


@dataclass(frozen=True, slots=True)
class OneSided:
    """A qualifier that one of the two statements has, and that narrows it alone."""

    qualifier: str
    side: Side
    values: tuple[Any, ...]

    def to_record(self) -> Record:
        """The JSON shape ``{qualifier, side, values}``."""
        return {"qualifier": self.qualifier, "side": self.side, "values": list(self.values)}


@dataclass(frozen=True, slots=True)
class Separation:
    """How two statements differ in their scope."""

    differences: tuple[Difference, ...]
    one_sided: tuple[OneSided, ...]

    @classmethod
    def of(cls, supporting: Association, opposing: Association) -> Separation:
        """Compare the scope of two statements."""
        ours, theirs = _scope(supporting), _scope(opposing)
        differences = [
            Difference(name, ours[name], theirs[name])
            for name in sorted(ours.keys() & theirs.keys())
            if {_key(each) for each in ours[name]}.isdisjoint(map(_key, theirs[name]))
        ]
        if _claims_nothing(supporting) and not _claims_nothing(opposing):
            differences.append(Difference(PREDICATE, (supporting.predicate,), (opposing.predicate,)))
        sides: tuple[tuple[Side, Mapping[str, tuple[Any, ...]], Mapping[str, tuple[Any, ...]]], ...] = (
            ("supporting", ours, theirs),
            ("opposing", theirs, ours),
        )
        one_sided = [
            OneSided(name, side, own[name])
            for side, own, other in sides
            for name in sorted(own.keys() - other.keys())
        ]
        return cls(tuple(differences), tuple(one_sided))


def _scope(association: Association) -> dict[str, tuple[Any, ...]]:
    return {
        name: tuple(cast("list[object]", value)) if isinstance(value, list) else (value,)
        for name, value in association.qualifiers.items()
        if name not in NOT_SCOPE
    }


def _claims_nothing(association: Association) -> bool:
    return closure_rules().strengths.get(association.predicate) == _STUDIED


def _key(value: object) -> str:
    """What makes two values the same: an entity by its CURIE, text without regard to case."""
    named = _fields(value).get("id")
    return str(value).casefold() if named is None else str(named)


def _word(value: object) -> str:
    return str(_fields(value).get("label", value))


def _fields(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
