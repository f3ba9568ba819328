"""Holding a claim against the graph: what supports it, what speaks against it, and the verdict."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Final

from stemgraph.graph.association_query import AssociationQuery
from stemgraph.graph.claims.claim import (
    CONTRADICTED,
    NO_CLAIM,
    SUPPORTED,
    UNKNOWN,
    WEAKER,
    Claim,
    ClaimEnd,
    Remark,
)
from stemgraph.graph.claims.weighing import Weighed, date_of, is_of_kinds, speaks_of, weigh, years_of
from stemgraph.graph.model import Association, Record
from stemgraph.ontology import text_patterns

if TYPE_CHECKING:
    from stemgraph.graph.knowledge_graph import KnowledgeGraph

MOST_SHOWN: Final = 8
"""Associations on either side that a record shows, the strongest first."""
_MOST_MEANINGS: Final = 4
"""Entities of an ambiguous end that are tried."""
_MOST_RELATED: Final = 5
_SETTLED: Final = "settled"


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim or remark with its verdict and the associations that led to it."""

    item: Claim | Remark
    verdict: str
    reason: str
    supporting: tuple[Weighed, ...] = ()
    opposing: tuple[Weighed, ...] = ()
    related: tuple[Association, ...] = ()
    """What else is stated between the two ends, where nothing answers the claim itself."""
    own_words: bool = False
    """Whether all that supports the claim quotes this very text."""

    def to_record(self) -> Record:
        """The JSON shape; associations are named by their ids."""
        item = self.item
        return {
            "sentence": item.sentence,
            "start": item.start,
            "end": item.end,
            "text": item.text,
            "verdict": self.verdict,
            "reason": self.reason,
            "claim": item.to_record() if isinstance(item, Claim) else None,
            "supporting": [each.to_record() for each in self.supporting[:MOST_SHOWN]],
            "supporting_total": len(self.supporting),
            "opposing": [each.to_record() for each in self.opposing[:MOST_SHOWN]],
            "opposing_total": len(self.opposing),
            "related": [each.id for each in self.related],
            "own_words": self.own_words,
        }


@dataclass(frozen=True, slots=True)
class _Found:
    """What the graph holds for one pair of entities."""

    subject: str
    object: str | None
    supporting: tuple[Weighed, ...]
    opposing: tuple[Weighed, ...]
    elsewhere: tuple[Association, ...] = ()
    misdated: tuple[Association, ...] = ()


class Judge:
    """Judges claims by one graph; what it looked up for a pair of entities it keeps.

    Args:
        graph: The graph.
        text: The whole text that is judged.
        without: Names of sources that are left out.
    """

    def __init__(self, graph: KnowledgeGraph, text: str, without: Collection[str] = ()) -> None:
        self._graph = graph
        self._text = text
        self._quoting: dict[str, bool] = {}
        self._without = frozenset(without)
        self._strengths = text_patterns.strengths()
        self._kept: dict[tuple[str, str | None, bool], tuple[Association, ...]] = {}

    def judge(self, item: Claim | Remark) -> Judged:
        """The verdict on what was read from a sentence."""
        if isinstance(item, Remark):
            return Judged(item, NO_CLAIM, item.reason)
        unresolved = [end.text for end in (item.subject, item.object) if end is not None and not end.entities]
        if unresolved:
            reason = f"'{unresolved[0]}' names nothing of which '{item.relation}' is stated here"
            return Judged(item, UNKNOWN, reason)
        if not item.predicates:
            return Judged(item, UNKNOWN, f"the vocabulary has no predicate for '{item.relation}'")
        found = self._best(item)
        return self._verdict(_taking(item, found), found)

    def _best(self, claim: Claim) -> _Found:
        """What is found for the meanings of both ends that say the most."""
        objects = [None] if claim.object is None else [each.id for each in claim.object.entities]
        pairs = list(
            product([each.id for each in claim.subject.entities[:_MOST_MEANINGS]], objects[:_MOST_MEANINGS])
        )
        best: _Found | None = None
        for closed in (False, True):
            for subject, object_ in pairs:
                found = self._look(claim, subject, object_, closed=closed)
                if best is None or self._worth(claim, found) > self._worth(claim, best):
                    best = found
            if best is not None and self._is_decided(claim, best):
                break
        return best or _Found(claim.subject.entities[0].id, objects[0], (), ())

    def _is_decided(self, claim: Claim, found: _Found) -> bool:
        """Whether what is inherited could not change the verdict."""
        return self._worth(claim, found)[0] == 2

    def _worth(self, claim: Claim, found: _Found) -> tuple[int, int, int]:
        reached = any(self._reaches(each, claim) for each in found.supporting)
        some = bool(found.supporting) or bool(found.opposing)
        return (
            2 if reached else 1 if some or found.elsewhere or found.misdated else 0,
            max((self._strengths.rank(each.level) for each in found.supporting), default=0),
            len(found.supporting) + len(found.opposing),
        )

    def _look(self, claim: Claim, subject: str, object_: str | None, *, closed: bool) -> _Found:
        rows = [
            each
            for each in self._between(subject, object_, closed=closed)
            if each.predicate in claim.predicates
        ]
        if claim.inverse_predicates and object_ is not None:
            rows += [
                each
                for each in self._between(object_, subject, closed=closed)
                if each.predicate in claim.inverse_predicates
            ]
        here = [each for each in rows if speaks_of(claim, each)]
        elsewhere = tuple(each for each in rows if each not in here)
        dated = [each for each in here if claim.approval and claim.years and years_of(each)]
        misdated = tuple(each for each in dated if not years_of(each) & set(claim.years))
        here = [each for each in here if each not in misdated]
        supporting = [each for each in here if not each.negated]
        opposing = [each for each in here if each.negated and not is_of_kinds(each)]
        countering = self._countering(claim, subject, object_, supporting)
        if countering:
            # What came later decides.
            supporting, opposing = [], countering
        if claim.approval and claim.present:
            ended = [each for each in supporting if each.status in self._strengths.ended]
            supporting = [each for each in supporting if each not in ended]
            opposing += ended
        if claim.negated:
            supporting, opposing = opposing, supporting
        return _Found(
            subject,
            object_,
            self._weighed(supporting, claim),
            self._weighed(opposing, claim),
            elsewhere,
            misdated,
        )

    def _countering(
        self, claim: Claim, subject: str, object_: str | None, stated: Sequence[Association]
    ) -> list[Association]:
        """What denies the claim by another predicate: a refusal, or a withdrawal after the last approval."""
        if not claim.countered_by or not (claim.present or claim.negated or not stated):
            return []
        last = max((date_of(each) for each in stated), default="")
        return [
            each
            for each in self._between(subject, object_, closed=False)
            if each.predicate in claim.countered_by
            and each.status != "superseded"
            and speaks_of(claim, each)
            and date_of(each) >= last
        ]

    def _between(self, subject: str, object_: str | None, *, closed: bool) -> tuple[Association, ...]:
        key = (subject, object_, closed)
        if key not in self._kept:
            query = AssociationQuery(subject=subject, object=object_, limit=None, closure=closed)
            self._kept[key] = tuple(
                each for each in self._graph.associations(query) if each.source not in self._without
            )
        return self._kept[key]

    def _weighed(self, associations: Sequence[Association], claim: Claim) -> tuple[Weighed, ...]:
        """The associations by how much they carry, what was stated before what is inherited."""
        past = claim.approval and not claim.present
        weighed = [weigh(each, past=past) for each in associations]
        return tuple(
            sorted(
                weighed,
                key=lambda each: (-self._strengths.rank(each.level), each.association.inherited is not None),
            )
        )

    def _reaches(self, weighed: Weighed, claim: Claim) -> bool:
        return self._strengths.rank(weighed.level) >= self._strengths.rank(claim.strength)

    def _verdict(self, claim: Claim, found: _Found) -> Judged:
        supporting, opposing = found.supporting, found.opposing
        own = bool(supporting) and all(self._quotes_text(each.association) for each in supporting)
        # A limited denial leaves room for what is claimed; a limited fact leaves none for a denial of it all.
        denied = [
            each for each in opposing if (self._decides(claim, each) if claim.negated else not each.limits)
        ]
        if any(self._reaches(each, claim) for each in supporting) and not denied:
            reason = self._reach(claim, supporting[0])
            return Judged(claim, SUPPORTED, reason, supporting, opposing, own_words=own)
        if supporting:
            reason = self._shortfall(claim, supporting[0], denied)
            return Judged(claim, WEAKER, reason, supporting, opposing, own_words=own)
        deciding = [each for each in opposing if self._decides(claim, each)]
        if deciding:
            return Judged(claim, CONTRADICTED, _because(deciding[0]), (), opposing)
        if opposing:
            reason = f"what speaks against it is of a kind of it or weak: {_because(opposing[0])}"
            return Judged(claim, UNKNOWN, reason, (), opposing)
        return self._undecided(claim, found)

    def _undecided(self, claim: Claim, found: _Found) -> Judged:
        """The verdict where nothing says the same or its contrary."""
        if found.misdated:
            dates = ", ".join(sorted({date_of(each) for each in found.misdated}))
            against = self._weighed(found.misdated, claim)
            return Judged(claim, CONTRADICTED, f"the graph dates it {dates}", (), against)
        if found.elsewhere:
            reason = "it is stated, but not for the place or the direction that is named"
            return Judged(claim, UNKNOWN, reason, related=found.elsewhere[:_MOST_RELATED])
        related = tuple(self._related(claim, found))[:_MOST_RELATED]
        return Judged(claim, UNKNOWN, _not_stated(related), related=related)

    def _decides(self, claim: Claim, weighed: Weighed) -> bool:
        """Whether what opposes a claim can contradict it.

        That something is not so in general is not contradicted by one kind of it, nor by a mere study.
        """
        if not claim.negated:
            return True
        least = min(claim.strength, _SETTLED, key=self._strengths.rank)
        return not is_of_kinds(weighed.association) and (
            self._strengths.rank(weighed.level) >= self._strengths.rank(least)
        )

    def _reach(self, claim: Claim, best: Weighed) -> str:
        if self._strengths.rank(best.level) == self._strengths.rank(claim.strength):
            return _because(best)
        return f"the text asserts '{claim.strength}', the graph as much as '{best.level}': {_because(best)}"

    def _quotes_text(self, association: Association) -> bool:
        """Whether all evidence of an association are words of the text that is judged."""
        if association.id not in self._quoting:
            quotes = [each.quote for each in association.evidence]
            self._quoting[association.id] = all(
                quote is not None and quote.strip().rstrip(".!?") in self._text for quote in quotes
            )
        return self._quoting[association.id]

    def _shortfall(self, claim: Claim, best: Weighed, denied: Sequence[Weighed]) -> str:
        if denied:
            return f"it is stated and denied: {_because(best)}; {_because(denied[0])}"
        if self._reaches(best, claim):
            return _because(best)
        return f"the text asserts '{claim.strength}', the graph no more than '{best.level}': {_because(best)}"

    def _related(self, claim: Claim, found: _Found) -> Iterator[Association]:
        if found.object is not None:
            for subject, object_ in ((found.subject, found.object), (found.object, found.subject)):
                yield from self._between(subject, object_, closed=False)


def _taking(claim: Claim, found: _Found) -> Claim:
    """The claim with the meaning first that was taken of each end."""
    object_ = (
        claim.object if claim.object is None or found.object is None else _first(claim.object, found.object)
    )
    return replace(claim, subject=_first(claim.subject, found.subject), object=object_)


def _first(end: ClaimEnd, chosen: str) -> ClaimEnd:
    entities = sorted(end.entities, key=lambda each: each.id != chosen)
    return replace(end, entities=tuple(entities))


def _because(weighed: Weighed) -> str:
    association = weighed.association
    said = "does not hold" if association.negated else "is stated"
    words = (
        f"{association.subject.label} {association.predicate.replace('_', ' ')} {association.object.label} "
        f"{said} ({association.status.replace('_', ' ')})"
    )
    return words if association.inherited is None else f"{words}. {association.inherited.sentence}"


def _not_stated(related: Sequence[Association]) -> str:
    if not related:
        return "nothing is stated about it: that is neither yes nor no"
    named = ", ".join(dict.fromkeys(each.predicate for each in related))
    return f"not stated; between the two the graph states {named}"
