"""Reading the claims of a sentence."""

from __future__ import annotations

from stemgraph.graph.claims.assertion import Assertion
from stemgraph.graph.claims.claim import Claim, ClaimEnd, Remark
from stemgraph.graph.claims.slots import Scene
from stemgraph.graph.claims.statements import StatementFinder


def read_sentence(scene: Scene, number: int) -> list[Claim] | Remark:
    """The claims of a sentence, or why there is none."""
    sentence = scene.sentence
    if sentence.mark == "?":
        return _remark(scene, number, "it is a question")
    if scene.marks_between(sentence.first, sentence.last, "advice"):
        return _remark(scene, number, "it gives advice")
    claims: list[Claim] = []
    assertion = Assertion(scene, number)
    for statement in StatementFinder(scene).find():
        for claim in assertion.claims(statement):
            # The same pair is not stated once more by fewer words.
            if not any(_is_same(claim, known) for known in claims):
                claims.append(claim)
    if claims:
        return sorted(claims, key=_place)
    return _remark(scene, number, "it states no relation that is known here between two things that are")


def _remark(scene: Scene, number: int, reason: str) -> Remark:
    passage, sentence = scene.passage, scene.sentence
    start, end = passage.words[sentence.first].start, passage.words[sentence.last - 1].end
    return Remark(number, passage.offset + start, passage.offset + end, passage.text[start:end], reason)


def _is_same(claim: Claim, known: Claim) -> bool:
    """Whether two claims are about the same pair and would be answered by the same predicates."""
    if (claim.relation != known.relation) and not set(claim.predicates) & set(known.predicates):
        return False
    ends = ((claim.subject, known.subject), (claim.object, known.object))
    return all(_means(one) == _means(other) for one, other in ends)


def _means(end: ClaimEnd | None) -> str | None:
    if end is None:
        return None
    return end.entities[0].id if end.entities else end.text


def _place(claim: Claim) -> tuple[int, int]:
    return claim.subject.start, claim.object.start if claim.object is not None else claim.end
