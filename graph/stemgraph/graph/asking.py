"""Yes-or-no questions in an open world: what is not stated is not thereby denied."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from stemgraph.graph.model import Association, EntityReference, Record
from stemgraph.ontology.closure_rules import closure_rules
from stemgraph.ontology.standing import RETRACTED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stemgraph.graph.closure import Closure
    from stemgraph.graph.inherited_associations import InheritedAssociations

AnswerWord = Literal["stated", "stated as negative", "inherited", "conflicting", "not stated"]

ANSWERS: Final[dict[AnswerWord, str]] = {
    "stated": "It is stated of exactly these two.",
    "stated as negative": "It is stated of exactly these two that it does not hold.",
    "inherited": "It is not stated of exactly these two; it follows by a rule from what is stated of others.",
    "conflicting": "Some of what is stated or inherited says that it holds, and some that it does not.",
    "not stated": "Nothing here says that it holds, and nothing says that it does not: it is unknown.",
}
"""The five answers, each with what it means."""


@dataclass(frozen=True, slots=True)
class YesNoAnswer:
    """The answer to one question, with the associations that it rests on."""

    subject: EntityReference
    predicate: str
    object: EntityReference
    answer: AnswerWord
    negated: bool | None
    """Whether the answer is that it does NOT hold; None where it is conflicting or not stated."""
    associations: InheritedAssociations
    """What is stated and inherited of the question: the first page of it."""

    @property
    def explanation(self) -> str:
        """What the answer means."""
        words = ANSWERS[self.answer]
        if self.answer == "inherited" and self.negated:
            words += " What is inherited says that it does not hold."
        if not self.associations.closure.standing.all():
            words += " The evidence of some of what is shown was retracted; that decides nothing."
        return words

    @property
    def hedges(self) -> tuple[str, ...]:
        """How cautiously the associations that decide are stated, where they are (of those on the page)."""
        stated = self.answer.startswith("stated")
        deciding = (
            each
            for each in self.associations
            if (not stated or each.inherited is None) and each.evidence_standing != RETRACTED
        )
        found = (each.qualifiers.get("hedge") for each in deciding)
        return tuple(sorted({str(each) for each in found if each is not None}))

    @property
    def blocked(self) -> tuple[Record, ...]:
        """What would have been inherited, had a rule not held it up, each with the reason."""
        closure, explanations = self.associations.closure, dict(closure_rules().blocks)
        return tuple(each.to_record(closure.index.records, explanations) for each in closure.blocked)

    def __iter__(self) -> Iterator[Association]:
        return iter(self.associations)

    def to_record(self) -> Record:
        """The JSON shape: the answer and what it means, ``blocked``, and the page of associations."""
        return {
            "answer": self.answer,
            "negated": self.negated,
            "explanation": self.explanation,
            "subject": self.subject.to_record(),
            "predicate": self.predicate,
            "object": self.object.to_record(),
            "hedges": list(self.hedges),
            "blocked": list(self.blocked),
            **self.associations.to_record(),
        }


def judge(closure: Closure) -> tuple[AnswerWord, bool | None]:
    """The answer that a closure of one subject, predicate and object gives, and whether it is a denial.

    A denial of a kind of the subject or object decides nothing: other kinds may do otherwise. Nor does what
    a retraction left without evidence.
    """
    inherited = (closure.subject_moves >= 0) | (closure.object_moves >= 0)
    negated = closure.index.records.negated[closure.rows]
    affirmed, denied = ~negated & closure.standing, negated & closure.standing
    holds, holds_by_rule = bool((affirmed & ~inherited).any()), bool((affirmed & inherited).any())
    fails = bool((denied & ~inherited).any())
    fails_by_rule = bool((denied & inherited & ~_said_of_a_kind(closure)).any())
    if holds:
        return ("conflicting", None) if fails else ("stated", False)
    if fails:
        return ("conflicting", None) if holds_by_rule else ("stated as negative", True)
    if holds_by_rule:
        return ("conflicting", None) if fails_by_rule else ("inherited", False)
    return ("inherited", True) if fails_by_rule else ("not stated", None)


def _said_of_a_kind(closure: Closure) -> NDArray[np.bool_]:
    """By position: whether an end was moved up from something more particular."""
    # The last place stands for an end that was not moved, whose number is -1.
    upward = np.array([*(move.down for move in closure.moves), False], dtype=np.bool_)
    said: NDArray[np.bool_] = upward[closure.subject_moves] | upward[closure.object_moves]
    return said
