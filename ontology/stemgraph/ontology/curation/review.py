"""Reviews the content as a whole: names, kinds, the treats ladder, negation, quotes, repeated statements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from stemgraph.ontology.backbone import Backbone, bundled_backbone
from stemgraph.ontology.curation.catalogue import Catalogue, Entry, entities_in_qualifiers
from stemgraph.ontology.curation.evidence_relations import EvidenceRelations, owned_evidence
from stemgraph.ontology.curation.reading import content_directory, read_content
from stemgraph.ontology.curation.records import (
    FLAT_PREDICATES,
    CuratedAction,
    CuratedAssociation,
    CuratedEvidence,
    Curation,
)
from stemgraph.ontology.errors import ContentError
from stemgraph.ontology.standing import EVIDENCE_RETRACTED
from stemgraph.ontology.vocabulary import categories, predicates

EARNING_STATUSES: Final = frozenset(
    {
        "approved",
        "approved_conditional",
        "approved_restricted",
        "evidence_retracted",
        "guideline_supported",
        "historical",
        "labelled",
        "rct_supported",
        "standard_of_care",
        "supportive_care",
        "withdrawn",
    }
)
"""What lets a statement say ``treats``: an approval, a guideline's standard, a trial or accepted use.

The SHACL shape in ``shapes/treats.ttl`` says the same of the RDF.
"""

EARNING_DESIGNS: Final = frozenset(
    {
        "curated_database_record",
        "guideline",
        "randomized_controlled_trial",
        "regulatory_decision",
        "regulatory_label",
    }
)
"""Kinds of supporting evidence that let a statement say ``treats`` whatever its status."""

REFUTING_STATUSES: Final = frozenset(
    {"negative_result", "not_approved", "not_indicated", "not_observed", "not_recommended", "refused"}
)
"""Statuses that speak against ``treats``, whatever the evidence."""

NEGATIVE_STATUSES: Final = frozenset({"not_expected", "not_indicated", "not_observed", "not_recommended"})
"""Statuses that only a negated statement can have."""

ARTICLE: Final = "founding-article"
"""The one topic whose evidence may quote: the sentences are the project's own."""

GROUPINGS: Final = "groupings"
"""The graph of the project's own groupings, beside the ontologies."""

LIKENESS: Final = 0.85
"""From here on a summary counts as a copy of the quoted sentence."""


def read_curation(directory: Path | None = None, backbone: Backbone | None = None) -> Curation:
    """The curated content of a directory, ours if none is given.

    Raises:
        ContentError: Something in it is wrong; the message tells the first mistake and how many more.
    """
    curation, problems = _reviewed(directory, backbone)
    if problems:
        first, *others = problems
        rest = f"; {len(others)} more mistakes follow" if others else ""
        raise ContentError(f"{first.message}{rest}", place=first.place, mend=first.mend)
    return curation


def curation_problems(directory: Path | None = None, backbone: Backbone | None = None) -> list[ContentError]:
    """Every mistake in the content, in the order of its files; empty when there is none."""
    return _reviewed(directory, backbone)[1]


def _reviewed(directory: Path | None, backbone: Backbone | None) -> tuple[Curation, list[ContentError]]:
    reading = read_content(content_directory() if directory is None else directory)
    known = bundled_backbone() if backbone is None else backbone
    review = _Review(reading.curation, Catalogue.of(reading.curation, known))
    return reading.curation, [*reading.problems, *review.problems()]


def association_problems(
    association: CuratedAssociation, catalogue: Catalogue
) -> Iterator[tuple[str, ContentError]]:
    """The name of each rule that a single association breaks, and how it does.

    Args:
        association: The statement.
        catalogue: What it names, and what that is called; what is not in it is not known.
    """
    review = _Review(Curation((association,)), catalogue)
    for name, problems in review.of_association(association).items():
        for problem in problems:
            yield name, problem


class _Review:
    def __init__(self, curation: Curation, catalogue: Catalogue) -> None:
        self._curation = curation
        self._catalogue = catalogue

    def problems(self) -> Iterator[ContentError]:
        yield from self._entities()
        for association in self._curation.associations:
            for problems in self.of_association(association).values():
                yield from problems
        for action in self._curation.actions:
            yield from self._action(action)
            yield from self._evidence(action.evidence, action.topic)
        yield from _repeated_statements(self._curation)
        content = self._curation
        owned = owned_evidence(content.entities, content.associations, content.actions)
        yield from EvidenceRelations(owned).problems()

    def of_association(self, association: CuratedAssociation) -> dict[str, Iterator[ContentError]]:
        """What is wrong with an association, by the name of the rule."""
        return {
            "Form": self._form(association),
            "EntityKnown": self._names(association),
            "EndCategories": self._ends(association),
            "TreatsEarned": self._ladder(association),
            "NegationStatus": self._negation(association),
            "EvidenceWorded": self._evidence(association.evidence, association.topic),
        }

    def _entities(self) -> Iterator[ContentError]:
        seen: dict[str, str] = {}
        for entity in self._curation.entities:
            if entity.id in seen:
                yield ContentError(
                    f"{entity.id} is described twice, first at {seen[entity.id]}",
                    place=entity.place,
                    mend="keep one description",
                )
            seen[entity.id] = entity.place
            term = self._catalogue[entity.id].term
            if term is not None:
                yield from self._name(entity.id, entity.label, entity.place, official=True)
            elif entity.id.startswith("STEMGRAPH:") and len((entity.description or "").split()) < 3:
                yield ContentError(
                    f"{entity.id} needs a description",
                    place=entity.place,
                    mend="say in a sentence what it is",
                )
            if entity.source == GROUPINGS and not (entity.evidence and entity.mappings):
                yield ContentError(
                    f"the grouping {entity.id} needs members and evidence",
                    place=entity.place,
                    mend="name its members under `mappings: narrow`, and under `evidence` who groups them",
                )
            yield from self._evidence(entity.evidence, GROUPINGS)
            for mapping in entity.mappings:
                if mapping.id in self._catalogue and mapping.label is not None:
                    yield from self._name(mapping.id, mapping.label, mapping.place)

    def _name(
        self, identifier: str, label: str, place: str, *, official: bool = False
    ) -> Iterator[ContentError]:
        entry = self._catalogue.get(identifier)
        if entry is None:
            yield ContentError(
                f"{identifier} is not known",
                place=place,
                mend="correct it, describe it in data/entities, or import the backbone again",
            )
        elif entry.term is not None and entry.term.deprecated:
            instead = " or ".join(entry.term.replaced_by)
            yield ContentError(
                f"{identifier} is obsolete",
                place=place,
                mend=f"use {instead}" if instead else "choose another",
            )
        elif not entry.is_called(label) or (official and not _officially(entry, label)):
            yield ContentError(
                f"{identifier} is '{entry.label}', not '{label}'",
                place=place,
                mend="correct the id or the label",
            )

    def _names(self, association: CuratedAssociation) -> Iterator[ContentError]:
        yield from self._name(association.subject, association.subject_label, association.place)
        yield from self._name(association.object, association.object_label, association.place)
        for identifier in entities_in_qualifiers(association.qualifiers):
            yield from self._existence(identifier, association.place)

    def _existence(self, identifier: str, place: str) -> Iterator[ContentError]:
        entry = self._catalogue.get(identifier)
        yield from self._name(identifier, entry.label if entry else "", place)

    def _form(self, association: CuratedAssociation) -> Iterator[ContentError]:
        if association.status == EVIDENCE_RETRACTED:
            yield ContentError(
                "that the evidence is retracted is worked out, and never written",
                place=association.place,
                mend="write the status as the source has it, and `retracted: true` on the evidence",
            )
        if association.predicate in FLAT_PREDICATES.values():
            yield ContentError(
                f"'{association.predicate}' is derived from a regulatory action",
                place=association.place,
                mend="write it under `actions`",
            )

    def _ends(self, association: CuratedAssociation) -> Iterator[ContentError]:
        predicate = predicates()[association.predicate]
        ends = (
            ("subject", association.subject, predicate.domain),
            ("object", association.object, predicate.range),
        )
        for end, identifier, allowed in ends:
            yield from self._kind(association.place, predicate.name, end, identifier, allowed)
        lower, upper = (set(self._kinds(identifier)) for _, identifier, _ in ends)
        # A class of products is its own category, which the products in it are below all the same.
        same = lower & upper or (upper == {"product_class"} and lower & {"biologic_product", "drug"})
        if predicate.name == "subclass_of" and lower and upper and not same:
            yield ContentError(
                f"{association.subject} and {association.object} are of different categories",
                place=association.place,
                mend="subclass_of holds between things of one category",
            )

    def _kinds(self, identifier: str) -> tuple[str, ...]:
        entry = self._catalogue.get(identifier)
        return entry.categories if entry is not None else ()

    def _kind(
        self, place: str, predicate: str, end: str, identifier: str, allowed: frozenset[str]
    ) -> Iterator[ContentError]:
        kinds = self._kinds(identifier)
        if kinds and allowed and allowed.isdisjoint(kinds):
            yield ContentError(
                f"the {end} of {predicate} cannot be {identifier}, a {_listed(kinds)}",
                place=place,
                mend=f"it must be a {_listed(sorted(allowed))}",
            )

    def _ladder(self, association: CuratedAssociation) -> Iterator[ContentError]:
        if association.predicate != "treats" or association.negated:
            return
        earned = association.status in EARNING_STATUSES or any(
            each.stance == "supports" and not each.retracted and each.study_design in EARNING_DESIGNS
            for each in association.evidence
        )
        if not earned or association.status in REFUTING_STATUSES:
            yield ContentError(
                f"'treats' is not earned by the status '{association.status}' or the evidence",
                place=association.place,
                mend="use applied_to_treat, studied_to_treat or in_clinical_trials_for, or add what earns it",
            )

    def _negation(self, association: CuratedAssociation) -> Iterator[ContentError]:
        if association.status in NEGATIVE_STATUSES and not association.negated:
            yield ContentError(
                f"the status '{association.status}' belongs to a negated statement",
                place=association.place,
                mend="add `negated: true` or change the status",
            )
        if association.negated and association.status in EARNING_STATUSES:
            yield ContentError(
                f"a negated statement cannot have the status '{association.status}'",
                place=association.place,
                mend="take `negated` away or change the status",
            )

    def _action(self, action: CuratedAction) -> Iterator[ContentError]:
        yield from self._name(action.product, action.product_label, action.place)
        yield from self._name(action.agency, action.agency_label, action.place)
        for identifier in action.indication:
            yield from self._existence(identifier, action.place)
        predicate = predicates()[FLAT_PREDICATES[action.type]]
        yield from self._kind(action.place, action.type, "product", action.product, predicate.domain)
        yield from self._kind(action.place, action.type, "agency", action.agency, predicate.range)

    def _evidence(self, evidence: tuple[CuratedEvidence, ...], topic: str) -> Iterator[ContentError]:
        for each in evidence:
            if each.phenotype is not None:
                yield from self._existence(each.phenotype, each.place)
            if each.reference.startswith("STEMGRAPH:"):
                yield from self._existence(each.reference, each.place)
            if len(each.summary.split()) < 3:
                yield ContentError(
                    "the summary says nothing yet",
                    place=each.place,
                    mend="tell in own words what the source says",
                )
            if each.quote is not None and topic != ARTICLE:
                yield ContentError(
                    "only the founding article is quoted", place=each.place, mend="tell it in own words"
                )
            if each.quote is not None and _likeness(each.quote, each.summary) >= LIKENESS:
                yield ContentError(
                    "the summary repeats the quoted sentence", place=each.place, mend="tell it in own words"
                )


def _repeated_statements(curation: Curation) -> Iterator[ContentError]:
    """A statement may stand in several places, each adding evidence, but with one status and source."""
    first: dict[str, CuratedAssociation | CuratedAction] = {}
    rows: tuple[CuratedAssociation | CuratedAction, ...] = (*curation.associations, *curation.actions)
    for each in rows:
        earlier = first.setdefault(each.id, each)
        if earlier.status != each.status:
            yield ContentError(
                f"the same statement is '{each.status}' here and '{earlier.status}' at {earlier.place}",
                place=each.place,
                mend="settle on one status, or add the qualifier in which the two differ",
            )
        elif (
            isinstance(earlier, CuratedAssociation)
            and isinstance(each, CuratedAssociation)
            and earlier.source != each.source
        ):
            yield ContentError(
                f"its source is '{each.source}' here and '{earlier.source}' at {earlier.place}",
                place=each.place,
                mend="settle on one source",
            )


def _officially(entry: Entry, label: str) -> bool:
    """Whether the ontology itself calls the term so, our own synonyms aside."""
    return replace(entry, declared=None).is_called(label)


def _likeness(quote: str, summary: str) -> float:
    return SequenceMatcher(a=quote.casefold(), b=summary.casefold(), autojunk=False).ratio()


def _listed(kinds: tuple[str, ...] | list[str]) -> str:
    return " or ".join(categories()[kind].label for kind in kinds)
