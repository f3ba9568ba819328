"""The nouns of the curated content, as they stand in its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from stemgraph.ontology.identity import action_id, association_id

FLAT_PREDICATES: Final[Mapping[str, str]] = {
    "approval": "approved_by",
    "conditional_approval": "approved_by",
    "accelerated_approval": "approved_by",
    "refusal": "refused_by",
    "complete_response_letter": "refused_by",
    "restriction": "restricted_by",
    "withdrawal": "withdrawn_by",
}
"""The predicate from product to agency that a type of regulatory action comes down to."""


Qualifiers = Mapping[str, object]
"""Qualifiers by name, as in JSON: lists sorted, a frequency as ``{numerator, denominator}``."""


def _unqualified() -> Qualifiers:
    return {}


@dataclass(frozen=True, slots=True)
class CuratedEvidence:
    """One reason for, or against, a statement."""

    place: str
    origin: tuple[str, ...]
    """The rows it was made from, as ``curated:55`` or ``seed:12``."""
    reference: str
    stance: str
    summary: str
    study_design: str
    tier: int
    retrieved: str
    url: str | None = None
    via: str | None = None
    quote: str | None = None
    n: int | None = None
    effect: str | None = None
    comparator: str | None = None
    phenotype: str | None = None
    retracted: bool = False
    supersedes: tuple[str, ...] = ()
    """What it takes the place of: rows as ``curated:66``, evidence as ``sge:…``, or references."""
    retracts: tuple[str, ...] = ()
    independent_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CuratedAssociation:
    """One statement with its qualifiers, status and evidence."""

    place: str
    topic: str
    subject: str
    subject_label: str
    predicate: str
    object: str
    object_label: str
    status: str
    evidence: tuple[CuratedEvidence, ...]
    negated: bool = False
    qualifiers: Qualifiers = field(default_factory=_unqualified)
    source: str = "curated"
    """The named graph it goes to."""

    @property
    def id(self) -> str:
        """Its CURIE, a digest of what it states."""
        return association_id(
            self.subject, self.predicate, self.object, negated=self.negated, qualifiers=self.qualifiers
        )


@dataclass(frozen=True, slots=True)
class CuratedAction:
    """What a regulator decided on a product, and when."""

    place: str
    topic: str
    product: str
    product_label: str
    type: str
    agency: str
    agency_label: str
    jurisdiction: str
    status: str
    evidence: tuple[CuratedEvidence, ...]
    date: str | None = None
    date_not_after: str | None = None
    valid_until: str | None = None
    indication: tuple[str, ...] = ()
    indication_text: str | None = None
    population: str | None = None
    condition: str | None = None
    restriction: str | None = None
    reason: str | None = None

    @property
    def id(self) -> str:
        """Its CURIE, a digest of product, type, agency, jurisdiction, date and indication."""
        return action_id(
            {
                "product": self.product,
                "type": self.type,
                "agency": self.agency,
                "jurisdiction": self.jurisdiction,
                "date": self.date or self.date_not_after,
                "indication": self.indication_text or list(self.indication),
            }
        )


@dataclass(frozen=True, slots=True)
class CuratedMapping:
    """A mapping to another vocabulary; the relation is exact, close, broad, narrow or related."""

    place: str
    relation: str
    id: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class CuratedEntity:
    """A concept that no ontology has, or what is added to a term of one."""

    place: str
    id: str
    label: str
    categories: tuple[str, ...]
    synonyms: tuple[str, ...] = ()
    description: str | None = None
    mappings: tuple[CuratedMapping, ...] = ()
    source: str = "curated"
    """The named graph it goes to."""
    evidence: tuple[CuratedEvidence, ...] = ()
    """Of a grouping: where its members are named together."""


@dataclass(frozen=True, slots=True)
class Curation:
    """All curated content, in the order of its files."""

    associations: tuple[CuratedAssociation, ...] = ()
    actions: tuple[CuratedAction, ...] = ()
    entities: tuple[CuratedEntity, ...] = ()
