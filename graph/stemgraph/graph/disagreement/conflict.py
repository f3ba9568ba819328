"""A conflict: what is stated for a claim and what is stated against it, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from stemgraph.graph.disagreement.separation import Separation
from stemgraph.graph.inheritance import GROUPED_UNDER, InheritanceStep
from stemgraph.graph.model import Association, EntityReference, Record
from stemgraph.ontology.standing import RETRACTED, SUPERSEDED

DIRECT: Final = "direct"
DIVIDED: Final = "divided"
QUALIFIED: Final = "qualified"
NEAR: Final = "near"
ELSEWHERE: Final = "elsewhere"

KINDS: Final = {
    DIRECT: "the same claim is stated and denied, and no qualifier separates the two",
    DIVIDED: "one statement's own evidence speaks for it and against it",
    QUALIFIED: "the same claim is stated and denied, each with another scope",
    NEAR: "it is denied of a kind of what it is stated of, or of what that is a kind of",
    ELSEWHERE: "it is denied for one condition and stated for others that are no kind of it",
}
"""What a conflict may be, the sharpest first."""


@dataclass(frozen=True, slots=True)
class Supporting:
    """A statement that speaks for the claim, and how it stands to what speaks against it."""

    association: Association
    kind: str
    against: str
    """CURIE of the opposing statement that it was compared with: the one from which least separates it."""
    separation: Separation
    path: tuple[InheritanceStep, ...] = ()
    """Where it is about other entities: the steps of the hierarchy between these and the claim's."""

    def to_record(self) -> Record:
        """The JSON shape ``{association, kind, against, separated_by, one_sided, path}``."""
        return {
            "association": self.association.to_record(),
            "kind": self.kind,
            "against": self.against,
            "separated_by": [each.to_record() for each in self.separation.differences],
            "one_sided": [each.to_record() for each in self.separation.one_sided],
            "path": [each.to_record() for each in self.path],
        }


@dataclass(frozen=True, slots=True)
class Conflict:
    """A claim that is denied, or that its own evidence divides."""

    subject: EntityReference
    predicates: tuple[str, ...]
    """The relations of its statements: of the treats ladder, several may be."""
    object: EntityReference
    kind: str
    opposing: tuple[Association, ...]
    """Negated statements, and statements of a negative result."""
    supporting: tuple[Supporting, ...]
    divided: tuple[Association, ...] = ()
    """Statements with evidence on both sides."""

    def to_record(self) -> Record:
        """The JSON shape: the claim, its kind in words, the two sides, and what to heed."""
        return {
            "claim": {
                "subject": self.subject.to_record(),
                "predicates": list(self.predicates),
                "object": self.object.to_record(),
            },
            "kind": self.kind,
            "explanation": self.explanation,
            "supporting": [each.to_record() for each in self.supporting],
            "opposing": [each.to_record() for each in self.opposing],
            "divided": [each.to_record() for each in self.divided],
            "cautions": list(self.cautions),
        }

    @property
    def associations(self) -> Iterator[Association]:
        """Every statement of it."""
        yield from self.opposing
        yield from self.divided
        yield from (each.association for each in self.supporting)

    @property
    def explanation(self) -> str:
        """What stands against what, and what separates them, in words."""
        words = f"{self.subject.label}, {_relation(self.predicates)}, {self.object.label}: {KINDS[self.kind]}"
        differences = {
            difference.words: None
            for each in self.supporting
            if each.kind == self.kind
            for difference in each.separation.differences
        }
        steps = {_clause(step): None for each in self.supporting for step in each.path}
        if self.kind == QUALIFIED and differences:
            words += f": {'; '.join(differences)}"
        if self.kind == NEAR and steps:
            words += f": {'; '.join(steps)}"
        return words + "."

    @property
    def cautions(self) -> tuple[str, ...]:
        """Statements that lean on retracted or superseded evidence: a conflict may be over with it."""
        return tuple(
            f"{each.id}: its evidence was {each.evidence_standing}"
            for each in self.associations
            if each.evidence_standing in {RETRACTED, SUPERSEDED}
        )

    def to_html(self) -> str:
        """The two sides as an HTML table."""
        from stemgraph.graph.notebook import table_html  # noqa: PLC0415  # only notebooks need it

        rows = [("against", *_row(each), "") for each in self.opposing]
        rows += [("divided", *_row(each), "") for each in self.divided]
        rows += [
            ("for", *_row(each.association), "; ".join(one.words for one in each.separation.differences))
            for each in self.supporting
        ]
        headings = ("side", "statement", "status", "evidence", "separated by")
        return table_html(headings, rows, caption=self.explanation)

    def _repr_html_(self) -> str:
        return self.to_html()


@dataclass(frozen=True, slots=True)
class Conflicts:
    """A page of conflicts, the sharpest first."""

    items: tuple[Conflict, ...]
    total: int
    next_cursor: str | None = None
    complete: bool = True
    """Whether every denial was looked at, and not only what the time budget allowed."""
    reason: str | None = None

    def to_record(self) -> Record:
        """The JSON shape ``{items, total, next_cursor, complete, reason}``."""
        return {
            "items": [each.to_record() for each in self.items],
            "total": self.total,
            "next_cursor": self.next_cursor,
            "complete": self.complete,
            "reason": self.reason,
        }

    def __iter__(self) -> Iterator[Conflict]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def _repr_html_(self) -> str:
        return "".join(each.to_html() for each in self.items)


def statement_words(association: Association) -> str:
    """A statement in words, such as ``Alofisel NOT treats Crohn disease``."""
    verb = association.predicate.replace("_", " ")
    denied = "NOT " if association.negated else ""
    return f"{association.subject.label} {denied}{verb} {association.object.label}"


def _row(association: Association) -> tuple[str, str, str]:
    references: dict[str, Any] = dict.fromkeys(each.reference for each in association.evidence)
    return statement_words(association), association.status, ", ".join(references)


def _relation(predicates: tuple[str, ...]) -> str:
    return " or ".join(each.replace("_", " ") for each in predicates)


def _clause(step: InheritanceStep) -> str:
    verb = "is grouped by this project under" if step.relation == GROUPED_UNDER else "is a kind of"
    return f"{step.subject.label} {verb} {step.object.label}"
