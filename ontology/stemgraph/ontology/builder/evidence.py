"""Evidence as statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from stemgraph.ontology.builder.statements import Statements, boolean, integer, iri, partial_date, text
from stemgraph.ontology.curation.evidence_relations import (
    RELATIONS,
    EvidenceRelations,
    curated_evidence_id,
)
from stemgraph.ontology.curation.records import CuratedEvidence
from stemgraph.ontology.sources import AxiomEvidence, Source
from stemgraph.ontology.standing import Piece

Value = TypeVar("Value")

CLINICAL_STUDY: Final = "ECO:0000180"
EXPERIMENTAL: Final = "ECO:0000006"
AUTHOR_STATEMENT: Final = "ECO:0000302"
IMPORTED: Final = "ECO:0000311"

EVIDENCE_CODES: Final[Mapping[str, str]] = {
    "case_report": CLINICAL_STUDY,
    "case_series": CLINICAL_STUDY,
    "clinical_trial": CLINICAL_STUDY,
    "observational_cohort": CLINICAL_STUDY,
    "randomized_controlled_trial": CLINICAL_STUDY,
    "single_arm_trial": CLINICAL_STUDY,
    "preclinical_study": EXPERIMENTAL,
    "essay": AUTHOR_STATEMENT,
    "expert_opinion": AUTHOR_STATEMENT,
    "guideline": AUTHOR_STATEMENT,
    "review": AUTHOR_STATEMENT,
    "systematic_review": AUTHOR_STATEMENT,
    "curated_database_record": IMPORTED,
    "ontology_axiom": IMPORTED,
}
"""The code of the Evidence and Conclusion Ontology for a study design, where it has a fitting one."""


class EvidenceStatements:
    """States evidence, each piece once."""

    def __init__(self, statements: Statements, relations: EvidenceRelations) -> None:
        self._statements = statements
        self.relations = relations
        self._stated: set[str] = set()

    def __len__(self) -> int:
        return len(self._stated)

    def state(self, owner: str, graph: str, evidence: Iterable[CuratedEvidence]) -> None:
        """State the evidence of an association or action, and that it is its evidence."""
        for each in evidence:
            identifier = curated_evidence_id(owner, each)
            self._statements.add(graph, owner, "sgv:has_evidence", iri(identifier))
            self._state_one(identifier, graph, each)

    def state_of_axiom(self, owner: str, predicate: str, source: Source) -> None:
        """State that an association has the evidence that all axioms of its kind share."""
        shared = source.axioms[predicate]
        self._statements.add(source.name, owner, "sgv:has_evidence", iri(shared.id))
        if shared.id not in self._stated:
            evidence = CuratedEvidence(
                place="sources.yaml",
                origin=(),
                reference=shared.reference,
                stance="supports",
                summary=shared.summary,
                study_design="ontology_axiom",
                tier=1,
                retrieved=source.snapshot_date,
            )
            self._state_one(shared.id, source.name, evidence)

    def _state_one(self, identifier: str, graph: str, evidence: CuratedEvidence) -> None:
        self._stated.add(identifier)
        standing = self.relations.standing
        code = EVIDENCE_CODES.get(evidence.study_design)
        terms = {
            "rdf:type": iri("sgv:Evidence"),
            "sgv:reference": iri(evidence.reference),
            "sgv:source_url": _optional(evidence.url, iri),
            "sgv:via": _optional(evidence.via, text),
            "sgv:stance": text(evidence.stance),
            "sgv:summary": text(evidence.summary),
            "sgv:quote": _optional(evidence.quote, text),
            "sgv:eco": _optional(code, iri),
            "sgv:study_design": text(evidence.study_design),
            "sgv:n": _optional(evidence.n, integer),
            "sgv:effect": _optional(evidence.effect, text),
            "sgv:comparator": _optional(evidence.comparator, text),
            "sgv:phenotype": _optional(evidence.phenotype, iri),
            "sgv:source_tier": integer(evidence.tier),
            "sgv:retrieved": partial_date(evidence.retrieved),
            "sgv:retracted": boolean(identifier in standing.retracted_by),
        }
        for predicate, term in terms.items():
            if term is not None:
                self._statements.add(graph, identifier, predicate, term)
        others = {name: self.relations.named(identifier, getattr(evidence, name)) for name in RELATIONS}
        others["superseded_by"] = standing.superseded_by.get(identifier, ())
        others["retracted_by"] = standing.retracted_by.get(identifier, ())
        for name, named in others.items():
            for each in named:
                self._statements.add(graph, identifier, f"sgv:{name}", iri(each))


def axiom_piece(shared: AxiomEvidence) -> Piece:
    """The evidence that all axioms of a kind share, as the standing of a statement sees it."""
    return Piece(shared.id, shared.reference, "supports")


def _optional(value: Value | None, term: Callable[[Value], str]) -> str | None:
    return None if value is None else term(value)
