"""What is used for a disease: each therapy with everything that is stated of it, the strongest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from stemgraph.graph.association_query import AssociationQuery, check_word
from stemgraph.graph.cursor import decode_cursor, encode_cursor
from stemgraph.graph.errors import BadRequestError
from stemgraph.graph.model import Association, EntityReference, Record
from stemgraph.ontology.closure_rules import ClosureRules, closure_rules
from stemgraph.ontology.standing import RETRACTED

if TYPE_CHECKING:
    import networkx
    import pandas as pd
    import polars as pl
    import rdflib

    from stemgraph.graph.inherited_associations import InheritedAssociations

_GRADE: Final = "grade_"


@dataclass(frozen=True, slots=True)
class TherapyAnswer:
    """One statement that a therapy is, or is not, for a disease, with what a reader weighs it by."""

    association: Association
    strength: int | None
    """Its place on the treats ladder, 4 for ``treats``; None where it is negated or left without evidence."""
    evidence_grade: str | None
    """The strongest study design that supports it and was not retracted."""

    @property
    def guideline_grades(self) -> dict[str, Any]:
        """Grades that a guideline gives, by kind of donor or therapy: ``{"autologous": "CO/II"}``."""
        qualifiers = self.association.qualifiers
        return {
            name.removeprefix(_GRADE): value for name, value in qualifiers.items() if name.startswith(_GRADE)
        }

    @property
    def year(self) -> str | None:
        """The year of its guideline, else of its decision, else that as of which it is said."""
        qualifiers = self.association.qualifiers
        dated = (qualifiers.get(name) for name in ("guideline_year", "date", "as_of"))
        return next((str(each)[:4] for each in dated if isinstance(each, str)), None)

    def to_record(self) -> Record:
        """The JSON shape: what it is weighed by, and the whole ``association``."""
        qualifiers = self.association.qualifiers
        return {
            "predicate": self.association.predicate,
            "negated": self.association.negated,
            "status": self.association.status,
            "evidence_standing": self.association.evidence_standing,
            "strength": self.strength,
            "evidence_grade": self.evidence_grade,
            "guideline_grades": self.guideline_grades,
            "line": qualifiers.get("line"),
            "population": qualifiers.get("population"),
            "donor_type": qualifiers.get("donor_type"),
            "jurisdiction": qualifiers.get("jurisdiction"),
            "guideline": qualifiers.get("guideline") or qualifiers.get("document"),
            "year": self.year,
            "association": {"inherited": None} | self.association.to_record(),
        }


@dataclass(frozen=True, slots=True)
class TherapyGroup:
    """A therapy and its answers, none merged with another."""

    therapy: EntityReference
    strength: int | None
    """The strongest of its answers; None where none has a strength."""
    answers: tuple[TherapyAnswer, ...]

    def to_record(self) -> Record:
        """The JSON shape ``{therapy, strength, answers}``."""
        return {
            "therapy": self.therapy.to_record(),
            "strength": self.strength,
            "answers": [each.to_record() for each in self.answers],
        }


class Therapies:
    """The therapies of a disease, grouped; iterating gives every association."""

    def __init__(
        self,
        disease: EntityReference,
        found: InheritedAssociations,
        groups: tuple[TherapyGroup, ...],
        *,
        total: int,
        next_cursor: str | None,
    ) -> None:
        self.disease = disease
        self.associations = found
        self.groups = groups
        self.total = total
        """How many therapies there are on all pages."""
        self.next_cursor = next_cursor

    def __iter__(self) -> Iterator[Association]:
        return (answer.association for group in self.groups for answer in group.answers)

    def __len__(self) -> int:
        return sum(len(group.answers) for group in self.groups)

    @property
    def complete(self) -> bool:
        """Whether the time budget of the closure sufficed."""
        return self.associations.complete

    def to_record(self) -> Record:
        """The JSON shape ``{disease, items, total, next_cursor, complete, reason}``."""
        return {
            "disease": self.disease.to_record(),
            "items": [group.to_record() for group in self.groups],
            "total": self.total,
            "next_cursor": self.next_cursor,
            "complete": self.complete,
            "reason": self.associations.closure.reason,
        }

    def to_pandas(self) -> pd.DataFrame:
        """Every association, of all pages, as a pandas DataFrame; raises as ``Associations.to_pandas``."""
        return self.associations.to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """Every association, of all pages, as a polars DataFrame; raises as ``Associations.to_polars``."""
        return self.associations.to_polars()

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """Every association that is not negated, of all pages, as a graph of its own."""
        return self.associations.to_networkx()

    def to_rdf(self) -> rdflib.Dataset:
        """Every association, of all pages, as an rdflib Dataset of your own."""
        return self.associations.to_rdf()

    def _repr_html_(self) -> str:
        from stemgraph.graph.notebook import associations_html  # noqa: PLC0415  # notebooks only

        return associations_html(self.associations, self.associations.total)


def therapies_query(
    disease: str,
    *,
    min_strength: str | None,
    jurisdiction: str | None,
    groupings: bool,
    rules: ClosureRules | None = None,
) -> AssociationQuery:
    """The query behind the therapies of a disease: the predicates at or above a strength, with closure.

    Raises:
        BadRequestError: ``min_strength`` is not a predicate of the treats ladder.
    """
    strengths = (rules or closure_rules()).strengths
    if min_strength is not None:
        check_word("min_strength", min_strength, strengths, BadRequestError)
    least = min(strengths.values()) if min_strength is None else strengths[min_strength]
    return AssociationQuery(
        object=disease,
        predicate=tuple(name for name, strength in strengths.items() if strength >= least),
        jurisdiction=jurisdiction,
        closure=True,
        groupings=groupings,
        limit=None,
    )


def group_therapies(
    disease: EntityReference,
    found: InheritedAssociations,
    release: str,
    *,
    limit: int | None = None,
    cursor: str | None = None,
    rules: ClosureRules | None = None,
) -> Therapies:
    """Group what was found by therapy, the strongest first, and choose a page of the groups.

    Raises:
        CursorError: The cursor is garbled or belongs to another query or release.
    """
    chosen = rules or closure_rules()
    by_therapy: dict[str, list[TherapyAnswer]] = {}
    for association in found.all():
        by_therapy.setdefault(association.subject.id, []).append(_answer(association, chosen))
    groups = sorted(map(_group, by_therapy.values()), key=_reading_order)
    key = f"therapies {found.query.key}"
    start = decode_cursor(cursor, key, release) if cursor else 0
    end = len(groups) if limit is None else min(start + limit, len(groups))
    more = encode_cursor(key, release, end) if end < len(groups) else None
    return Therapies(disease, found, tuple(groups[start:end]), total=len(groups), next_cursor=more)


def _answer(association: Association, rules: ClosureRules) -> TherapyAnswer:
    grades: Mapping[str, int] = {name: place for place, name in enumerate(rules.evidence_grades)}
    designs = [
        each.study_design
        for each in association.evidence
        if each.stance == "supports" and not each.retracted and each.study_design in grades
    ]
    grade = min(designs, key=lambda design: grades[str(design)], default=None)
    claims = not association.negated and association.evidence_standing != RETRACTED
    strength = rules.strengths[association.predicate] if claims else None
    return TherapyAnswer(association, strength, grade)


def _group(answers: list[TherapyAnswer]) -> TherapyGroup:
    ordered = sorted(
        answers, key=lambda each: (-(each.strength or 0), each.association.inherited is not None)
    )
    strength = max((each.strength for each in ordered if each.strength is not None), default=None)
    return TherapyGroup(ordered[0].association.subject, strength, tuple(ordered))


def _reading_order(group: TherapyGroup) -> tuple[int, bool, str, str]:
    inherited = all(each.association.inherited is not None for each in group.answers)
    return -(group.strength or 0), inherited, group.therapy.label.casefold(), group.therapy.id
