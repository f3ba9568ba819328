"""The one-sentence reason of a status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from stemgraph.graph.model import EntityReference
from stemgraph.graph.regulatory.line import Concern

_VERBS: Final = {
    "approval": "approved",
    "conditional_approval": "conditionally approved",
    "accelerated_approval": "given accelerated approval",
    "restriction": "restricted",
    "withdrawal": "withdrawn",
    "refusal": "refused",
    "complete_response_letter": "answered with a complete response letter",
}

PLACES: Final = {"US": "the US", "EU": "the EU", "UK": "the UK", "JP": "Japan"}
"""Jurisdictions as they stand in a sentence, where that is not their code."""

_HEADS: Final = {
    "authorised": "Authorised",
    "conditional": "Conditionally authorised",
    "restricted": "Authorised with restrictions",
    "withdrawn": "Authorisation withdrawn",
    "refused": "Refused",
    "not stated": "Not stated",
    "undetermined": "Undetermined",
}


def reason_of(
    status: str,
    possible: Sequence[str],
    *,
    jurisdiction: str,
    as_of: str,
    disease: EntityReference | None,
    deciding: Sequence[Concern],
    doubtful: Sequence[Concern],
    later: Sequence[Concern],
    lapsed: bool,
) -> str:
    """A sentence that says the status and what decides it."""
    head = f"{_HEADS[status]} in {PLACES.get(jurisdiction, jurisdiction)} as of {as_of}"
    told = _clauses(deciding, disease)
    if status == "undetermined":
        known = f"{told}; " if deciding else ""
        doubt = "in which order is open"
        if doubtful:
            doubt = f"whether it was already {_clauses(doubtful, disease)} is open"
        return f"{head} ({' or '.join(possible)}): {known}{doubt}."
    if status != "not stated":
        return f"{head}: {told}."
    if lapsed:
        return f"{head}: {told}; that term has ended and nothing later is stated."
    about = f" for {disease.label}" if disease is not None else ""
    if doubtful:
        return f"{head}: no authorisation{about} is recorded by then; it was {_clauses(doubtful, disease)}."
    if later:
        return f"{head}: no action{about} is recorded by then; later it was {_clauses(later[:1], disease)}."
    return f"{head}: no regulatory action{about} is recorded, which does not mean that there was none."


def _clauses(concerns: Iterable[Concern], disease: EntityReference | None) -> str:
    return ", ".join(_clause(each, disease) for each in concerns)


def _clause(concern: Concern, disease: EntityReference | None) -> str:
    action = concern.action
    verb = _VERBS.get(action.type, action.type.replace("_", " "))
    by = f" by {action.agency.label}" if action.agency is not None else ""
    source = "" if action.recorded else ", told by the status of an association"
    return f"{verb}{by} {action.when}{_about(concern, disease)}{_limits(concern)}{source}"


def _about(concern: Concern, disease: EntityReference | None) -> str:
    indication = concern.coverage.indication
    match concern.coverage.relation:
        case "product":
            covers = f"; whether it covers {disease.label} is not stated" if disease is not None else ""
            return f" (no indication is named, so this applies to the product as a whole{covers})"
        case "words":
            return f" for {concern.action.indication_text}"
        case "narrower" if indication and disease:
            return f" for {indication.label}, a kind of {disease.label}"
        case "broader" if indication and disease:
            return f" for {indication.label}, of which {disease.label} is a kind"
        case _:
            labels = [each.label for each in concern.action.indications]
            return f" for {disease.label if disease else ' and '.join(labels)}"


def _limits(concern: Concern) -> str:
    action = concern.action
    if action.type == "restriction" and action.restriction:
        return f" to {action.restriction}"
    if action.valid_until:
        return f" until {action.valid_until}"
    return f" ({action.reason})" if action.type == "withdrawal" and action.reason else ""
