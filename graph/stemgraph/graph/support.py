"""How well an association is supported: one number from its status, its hedge and its evidence.

Documented in docs/explanation/how-paths-are-ranked.md; the tables here are the ones printed there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from stemgraph.graph.model import Association, Record

SCALE: Final = 1000
"""Support is kept as whole thousandths."""

STATUS_FACTORS: Final[Mapping[float, tuple[str, ...]]] = {
    1.0: (
        *("established", "approved", "standard_of_care", "supportive_care", "labelled", "boxed_warning"),
        *("safety_communication", "regulation", "consensus", "guideline_supported", "rct_supported"),
    ),
    0.8: (
        *("approved_conditional", "approved_restricted", "clinical_option", "real_world_evidence"),
        *("caution", "exclusion_criterion", "trial_completed"),
    ),
    0.6: (
        *("investigational", "protocol", "reported", "trial_recruiting", "trial_terminated"),
        "proposed_mechanism",
    ),
    0.4: (
        *("preclinical", "historical", "withdrawn", "guideline_superseded", "superseded", "disputed"),
        "refused",
    ),
    0.3: (
        *("negative_result", "not_recommended", "not_indicated", "not_approved", "not_expected"),
        "not_observed",
    ),
    0.1: ("evidence_retracted",),
}
OTHER_STATUS: Final = 0.6
"""Of a status that the vocabulary does not have."""

HEDGE_FACTORS: Final[Mapping[str, float]] = {
    "established": 1.0,
    "recommendation": 0.9,
    "supported_by_studies": 0.9,
    "promising": 0.8,
    "implied": 0.7,
    "intended": 0.7,
    "in_progress": 0.7,
    "under_investigation": 0.7,
    "author_opinion": 0.6,
    "speculative": 0.5,
    "framing": 0.5,
}
TIER_WEIGHTS: Final[Mapping[int, float]] = {1: 0.8, 2: 0.6, 3: 0.4}
OTHER_TIER: Final = 0.3
STANCE_WEIGHTS: Final[Mapping[str, float]] = {"supports": 1.0, "partial": 0.5}
FURTHER_WEIGHT: Final = 0.5
"""How much each further reference counts, unless it is stated to be independent of those before it."""
SUPERSEDED_WEIGHT: Final = 0.5
WITHOUT_EVIDENCE: Final = 0.5
"""What is left of the support where no evidence counts."""

_STATUSES: Final = {status: factor for factor, names in STATUS_FACTORS.items() for status in names}


def support_of(status: str, qualifiers: Mapping[str, Any], evidence: Collection[Record]) -> float:
    """How well a statement is supported, above 0 and at most 1.

    Args:
        status: As it is shown: lowered where the evidence has been retracted.
        qualifiers: For the hedge.
        evidence: The records of the evidence.
    """
    hedge = qualifiers.get("hedge")
    factor = _STATUSES.get(status, OTHER_STATUS)
    if hedge is not None:
        named = map(str, cast("list[object]", hedge)) if isinstance(hedge, list) else [str(hedge)]
        factor *= min(HEDGE_FACTORS.get(each, 1.0) for each in named)
    return factor * (WITHOUT_EVIDENCE + (1 - WITHOUT_EVIDENCE) * evidence_weight(evidence))


def support_of_association(association: Association) -> float:
    """How well an association is supported, above 0 and at most 1."""
    records = [each.to_record() for each in association.evidence]
    return support_of(association.status, association.qualifiers, records)


def evidence_weight(evidence: Iterable[Record]) -> float:
    """What the evidence is worth, from 0 to 1: many references, of high tiers, none speaking against.

    The pieces are read as chances of being right: one of weight 0.8 leaves a doubt of 0.2, and a second one
    takes its part of that doubt. A reference counts once, by its best piece.
    """
    kept = list(evidence)
    doubt = _doubt(kept, lambda record: STANCE_WEIGHTS.get(record["stance"], 0.0))
    return (1 - doubt) * _doubt(kept, lambda record: float(record["stance"] == "refutes"))


def _doubt(evidence: Iterable[Record], stance_weight: Callable[[Record], float]) -> float:
    best: dict[str, tuple[float, Record]] = {}
    for record in evidence:
        weight = stance_weight(record) * _piece_weight(record)
        if weight > best.get(record["reference"], (0.0, record))[0]:
            best[record["reference"]] = weight, record
    counted: list[Record] = []
    doubt = 1.0
    for weight, record in sorted(best.values(), key=lambda item: (-item[0], item[1]["id"])):
        apart = all(_independent(record, other) for other in counted)
        doubt *= 1 - weight * (1 if apart else FURTHER_WEIGHT)
        counted.append(record)
    return doubt


def _piece_weight(record: Record) -> float:
    if record["retracted"]:
        return 0.0
    weight = TIER_WEIGHTS.get(record["source_tier"], OTHER_TIER)
    return weight * (SUPERSEDED_WEIGHT if record["superseded_by"] else 1)


def _independent(one: Record, other: Record) -> bool:
    """Whether either says that it was gained apart from the other."""
    return not {other["id"], other["reference"]}.isdisjoint(one["independent_of"]) or not {
        one["id"],
        one["reference"],
    }.isdisjoint(other["independent_of"])
