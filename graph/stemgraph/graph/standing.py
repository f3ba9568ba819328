"""Settling what was gathered: what is left of statements whose evidence was retracted or superseded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from stemgraph.graph.model import Record
from stemgraph.ontology.standing import (
    CURRENT,
    EVIDENCE_RETRACTED,
    RETRACTED,
    SUPERSEDED,
    WEAKENED,
    Piece,
    Standing,
)

if TYPE_CHECKING:
    from stemgraph.graph.gathering import AssociationDraft, Gathering

_WORSE: Final = (CURRENT, WEAKENED, SUPERSEDED, RETRACTED)
_STATUS: Final = "status"
_STATED: Final = "stated_status"
_STANDING: Final = "evidence_standing"


def settle(gathering: Gathering) -> None:
    """Mark evidence as retracted and superseded, and lower the associations that leant on it."""
    evidence = gathering.evidence
    standing = _standing_of(evidence.values())
    for curie, by in standing.retracted_by.items():
        evidence[curie] |= {"retracted": True, "retracted_by": list(by)}
    for curie, by in standing.superseded_by.items():
        evidence[curie] |= {"superseded_by": list(by)}
    touched = standing.retracted_by.keys() | standing.superseded_by.keys()
    for row, draft in enumerate(gathering.associations):
        lowered_before = not {_STATED, _STANDING}.isdisjoint(draft.details or {})
        if lowered_before or not touched.isdisjoint(draft.evidence):
            kept = [_piece(evidence[each]) for each in draft.evidence if each in evidence]
            gathering.associations[row] = _lowered(draft, standing.of_statement(kept), gathering)


def _standing_of(records: Iterable[Record]) -> Standing:
    """What stands, also by what another graph worked out of which only a part is here."""
    kept = list(records)
    found = Standing.of(map(_piece, kept))
    retracted_by, superseded_by = dict(found.retracted_by), dict(found.superseded_by)
    for record in kept:
        for known, name in ((retracted_by, "retracted_by"), (superseded_by, "superseded_by")):
            if record[name]:
                known[record["id"]] = tuple(sorted({*known.get(record["id"], ()), *record[name]}))
    return Standing(retracted_by, superseded_by)


def _piece(record: Record) -> Piece:
    return Piece(
        id=record["id"],
        reference=record["reference"],
        stance=record["stance"],
        retracted=record["retracted"] or bool(record["retracted_by"]),
        supersedes=tuple(record["supersedes"]),
        retracts=tuple(record["retracts"]),
    )


def _lowered(draft: AssociationDraft, standing: str, gathering: Gathering) -> AssociationDraft:
    """The draft with its standing, and with the status that this leaves it.

    What was worked out elsewhere stays: a file without the evidence does not make it stand again.
    """
    details: Record = dict(draft.details or {"qualifiers": {}})
    stated = details.pop(_STATED, None) or details.get(_STATUS)
    standing = max(standing, details.pop(_STANDING, CURRENT), key=_WORSE.index)
    if standing != CURRENT:
        details[_STANDING] = standing
    if standing == RETRACTED:
        source = gathering.sources.get(draft.source, {})
        details |= {_STATUS: EVIDENCE_RETRACTED, _STATED: stated or source.get(_STATUS, "established")}
    elif stated is not None:
        details[_STATUS] = stated
    return draft._replace(details=details)
