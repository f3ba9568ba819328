"""Which evidence stands: what was retracted or superseded, by what, and what that leaves of a statement.

Evidence names other evidence by its CURIE (``sge:…``), or by a reference: every piece with that reference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

CURRENT: Final = "current"
WEAKENED: Final = "weakened"
SUPERSEDED: Final = "superseded"
RETRACTED: Final = "retracted"

EVIDENCE_RETRACTED: Final = "evidence_retracted"
"""The status of a statement of which no supporting evidence stands any more."""

SUPPORTING: Final = frozenset({"supports", "partial"})
"""Stances of the evidence that a statement leans on."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one piece of evidence says of itself and of others."""

    id: str
    reference: str
    stance: str
    retracted: bool = False
    """Whether it is marked as retracted, whatever others say of it."""
    supersedes: tuple[str, ...] = ()
    retracts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of all the evidence of a graph."""

    retracted_by: Mapping[str, tuple[str, ...]]
    """By CURIE of evidence, the evidence that retracts it; empty for what is only marked as retracted."""
    superseded_by: Mapping[str, tuple[str, ...]]
    """By CURIE of evidence, the evidence that takes its place."""

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> Standing:
        """Work out what stands.

        What retracted evidence said of other evidence does not count. Where two pieces retract each other,
        neither does.
        """
        known = {piece.id: piece for piece in pieces}
        marked = {piece.id for piece in known.values() if piece.retracted}
        telling = [piece for piece in known.values() if piece.retracts or piece.supersedes]
        attackers = _named(known, [(piece, piece.retracts) for piece in telling])
        out = _retracted(marked, attackers)
        superseded_by = _named(known, [(piece, piece.supersedes) for piece in telling if piece.id not in out])
        return cls(
            {each: tuple(sorted(attackers.get(each, set()) - out)) for each in sorted(out)},
            {each: tuple(sorted(by)) for each, by in sorted(superseded_by.items())},
        )

    def of_statement(self, evidence: Collection[Piece]) -> str:
        """How the evidence of one statement stands: current, weakened, superseded or retracted.

        What a piece of the same statement has superseded is no loss to it.
        """
        leaning = [piece for piece in evidence if piece.stance in SUPPORTING] or list(evidence)
        own = {piece.id for piece in leaning if piece.id not in self.retracted_by}
        retracted = [piece.id for piece in leaning if piece.id in self.retracted_by]
        superseded = [
            each for each in own if each in self.superseded_by and own.isdisjoint(self.superseded_by[each])
        ]
        if not retracted and not superseded:
            return CURRENT
        if len(retracted) + len(superseded) < len(leaning):
            return WEAKENED
        return SUPERSEDED if superseded else RETRACTED


def _named(
    known: Mapping[str, Piece], telling: Collection[tuple[Piece, Collection[str]]]
) -> dict[str, set[str]]:
    """By CURIE of evidence, the pieces that name it, by itself or by its reference; none names itself."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    by_reference: defaultdict[str, list[str]] = defaultdict(list)
    wanted = {name for _, names in telling for name in names}
    for piece in known.values():
        if piece.reference in wanted:
            by_reference[piece.reference].append(piece.id)
    for piece, names in telling:
        for name in names:
            if name in known:
                named[name].add(piece.id)
            elif name != piece.reference:  # a notice published under the reference of what it retracts stands
                for each in by_reference.get(name, ()):
                    named[each].add(piece.id)
        named[piece.id].discard(piece.id)
    return {each: by for each, by in named.items() if by}


def _retracted(marked: Collection[str], attackers: Mapping[str, Collection[str]]) -> set[str]:
    """What is retracted by marking, or by evidence of which it is settled that it stands."""
    out = set(marked)
    stands: set[str] = set()
    while True:
        stands |= {
            each
            for attacking in attackers.values()
            for each in attacking
            if each not in out and set(attackers.get(each, ())) <= out
        }
        fresh = {
            each
            for each, attacking in attackers.items()
            if each not in out and not stands.isdisjoint(attacking)
        }
        if not fresh:
            return out
        out |= fresh
