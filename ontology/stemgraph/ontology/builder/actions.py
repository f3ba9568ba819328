"""Regulatory actions as statements, and each as one association from product to agency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final, cast

from stemgraph.ontology.builder.evidence import EvidenceStatements
from stemgraph.ontology.builder.statements import Statements, iri, partial_date, text
from stemgraph.ontology.curation.catalogue import Catalogue
from stemgraph.ontology.curation.records import FLAT_PREDICATES, CuratedAction, CuratedAssociation

_DATES: Final = ("date", "date_not_after", "valid_until")
_TEXTS: Final = ("indication_text", "population", "condition", "restriction", "reason")
_SHARED_QUALIFIERS: Final = ("population", "condition", "restriction", "reason")


def state_action(
    action: CuratedAction, statements: Statements, evidence: EvidenceStatements, catalogue: Catalogue
) -> None:
    """State a regulatory action, itself an entity."""
    terms = {
        "rdf:type": iri("sgv:RegulatoryAction"),
        "rdfs:label": text(action_label(action, catalogue)),
        "sgv:product": iri(action.product),
        "sgv:agency": iri(action.agency),
        "sgv:jurisdiction": text(action.jurisdiction),
        "sgv:action_type": text(action.type),
        "sgv:status": text(action.status),
    }
    for names, term in ((_DATES, partial_date), (_TEXTS, text)):
        for name in names:
            value = cast(str | None, getattr(action, name))
            if value is not None:
                terms[f"sgv:{name}"] = term(value)
    for predicate, value in terms.items():
        statements.add("curated", action.id, predicate, value)
    for indication in action.indication:
        statements.add("curated", action.id, "sgv:indication", iri(indication))
    evidence.state(action.id, "curated", action.evidence)


def action_label(action: CuratedAction, catalogue: Catalogue) -> str:
    """What to call an action, such as ``FDA approval of Casgevy, 2023-12-08``."""
    agency = catalogue[action.agency]
    synonyms = agency.declared.synonyms if agency.declared is not None else ()
    acronym = next((each for each in synonyms if each.isupper()), agency.label)
    label = f"{acronym} {action.type.replace('_', ' ')} of {catalogue[action.product].label}"
    return f"{label}, {action.date or f'not after {action.date_not_after}'}"


def flat_association(action: CuratedAction, catalogue: Catalogue) -> CuratedAssociation:
    """The action as one association, its details as qualifiers."""
    indications = "; ".join(catalogue[each].label for each in action.indication)
    values: dict[str, object] = {
        "action_type": action.type,
        "as_of": action.date_not_after,
        "date": action.date,
        "indication": action.indication_text or indications or None,
        "jurisdiction": action.jurisdiction,
    }
    values |= {name: getattr(action, name) for name in _SHARED_QUALIFIERS}
    return CuratedAssociation(
        place=action.place,
        topic=action.topic,
        subject=action.product,
        subject_label=action.product_label,
        predicate=FLAT_PREDICATES[action.type],
        object=action.agency,
        object_label=action.agency_label,
        status=action.status,
        evidence=action.evidence,
        qualifiers={name: value for name, value in sorted(values.items()) if value is not None},
    )


def merged_actions(actions: Iterable[CuratedAction]) -> list[CuratedAction]:
    """The actions with each once, carrying the evidence of every place that tells of it."""
    by_id: dict[str, CuratedAction] = {}
    for each in actions:
        earlier = by_id.get(each.id)
        evidence = each.evidence if earlier is None else (*earlier.evidence, *each.evidence)
        by_id[each.id] = replace(earlier or each, evidence=evidence)
    return list(by_id.values())
