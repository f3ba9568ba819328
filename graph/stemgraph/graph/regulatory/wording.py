"""The one-sentence reason of a status."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from stemgraph.graph.model import EntityReference
from stemgraph.graph.regulatory.line import Concern
from stemgraph.graph.regulatory.sequence import NOT_STATED

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


@dataclass(frozen=True, slots=True)
class Grounds:
    """The actions on which a status rests, by the part they have in it."""

    deciding: Sequence[Concern]
    doubtful: Sequence[Concern]
    """Those that may lie on either side of the date."""
    later: Sequence[Concern]
    retracted: Sequence[Concern]
    lapsed: bool
    """Whether what was granted for a time has ended."""


def reason_of(
    possible: Sequence[str],
    grounds: Grounds,
    *,
    jurisdiction: str,
    as_of: str,
    disease: EntityReference | None,
) -> str:
    """A sentence that says the status, what decides it, and what does not count because it was retracted."""
    place = PLACES.get(jurisdiction, jurisdiction)
    if len(possible) > 1:
        head = f"{_HEADS['undetermined']} in {place} as of {as_of} ({' or '.join(possible)})"
        told = _doubt(possible, grounds, disease)
    else:
        head = f"{_HEADS[possible[0]]} in {place} as of {as_of}"
        told = (
            _silence(grounds, disease) if possible[0] == NOT_STATED else _clauses(grounds.deciding, disease)
        )
    if grounds.retracted:
        told += f"; not counted, for its evidence was retracted: {_clauses(grounds.retracted, disease)}"
    return f"{head}: {told}."


def _doubt(possible: Sequence[str], grounds: Grounds, disease: EntityReference | None) -> str:
    known = f"{_clauses(grounds.deciding, disease)}; " if grounds.deciding else ""
    if grounds.doubtful:
        return f"{known}whether it was already {_clauses(grounds.doubtful, disease)} is open"
    ends = NOT_STATED in possible and any(each.action.valid_until for each in grounds.deciding)
    return f"{known}whether that term has ended is open" if ends else f"{known}in which order is open"


def _silence(grounds: Grounds, disease: EntityReference | None) -> str:
    if grounds.lapsed:
        return f"{_clauses(grounds.deciding, disease)}; that term has ended and nothing later is stated"
    about = f" for {disease.label}" if disease is not None else ""
    if grounds.doubtful:
        return f"no authorisation{about} is recorded by then; it was {_clauses(grounds.doubtful, disease)}"
    if grounds.later:
        return f"no action{about} is recorded by then; later it was {_clauses(grounds.later[:1], disease)}"
    which = "other regulatory action" if grounds.retracted else "regulatory action"
    return f"no {which}{about} is recorded, which does not mean that there was none"


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
