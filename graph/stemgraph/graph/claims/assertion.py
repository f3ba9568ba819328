"""From a statement to claims: who and what exactly, how surely, whether denied, where and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from stemgraph.graph.claims.arguments import Argument
from stemgraph.graph.claims.claim import Claim, ClaimEnd
from stemgraph.graph.claims.slots import Scene
from stemgraph.graph.claims.statements import Statement
from stemgraph.ontology import text_patterns
from stemgraph.ontology.text_patterns import Relation, Strengths

_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_NOT_ONLY: Final = frozenset({"only", "just", "merely"})
"""Words after which *not* denies nothing."""


class Assertion:
    """Makes claims of the statements of one sentence."""

    def __init__(self, scene: Scene, number: int) -> None:
        self._scene = scene
        self._number = number
        self._strengths: Strengths = text_patterns.strengths()

    def claims(self, statement: Statement) -> Iterator[Claim]:
        """One claim for each pair of ends."""
        unknown = None if statement.unknown is None else self._end_of_words(*statement.unknown[1:])
        subjects = [self._end(each) for each in statement.subjects] or ([unknown] if unknown else [])
        objects: list[ClaimEnd | None] = [self._end(each) for each in statement.objects]
        if not objects:
            objects = [unknown] if unknown else [*self._agencies(statement)] or [None]
        for subject in subjects:
            for object_ in objects:
                yield self._claim(statement, subject, object_)

    def _claim(self, statement: Statement, subject: ClaimEnd, object_: ClaimEnd | None) -> Claim:
        scene, relation = self._scene, statement.relation
        start, end = scene.clause(max(statement.first, statement.last - 1))
        start = min(start, statement.first)
        implied = relation.same_category and not self._is_said(statement)
        hedge, strength = (
            ("implied", self._strengths.hedges["implied"])
            if implied
            else self._hedge(relation, start, max(end, statement.last))
        )
        phrase = next((each.phrase for each in statement.objects if each.phrase is not None), None)
        passage = scene.passage
        text = passage.written(scene.sentence.first, scene.sentence.last)
        return Claim(
            sentence=self._number,
            start=passage.offset + passage.words[scene.sentence.first].start,
            end=passage.offset + passage.words[scene.sentence.last - 1].end,
            text=text,
            subject=subject,
            relation=relation.name,
            predicates=relation.predicates,
            object=object_,
            negated=relation.negated != self._is_denied(statement, start),
            hedge=hedge,
            strength=strength,
            jurisdictions=self._jurisdictions(start, end),
            years=tuple(int(year) for year in _YEAR.findall(text)),
            direction=None if phrase is None else phrase.direction,
            present=bool(scene.marks_between(start, statement.last, "presents")),
            approval=relation.approval,
            inverse_predicates=relation.inverse_predicates,
            countered_by=relation.countered_by,
        )

    def _hedge(self, relation: Relation, first: int, last: int) -> tuple[str, str]:
        """The weakest hedge in the clause, and how much the claim asserts with it."""
        hedges = [mark.value for mark in self._scene.marks_between(first, last, "hedge")]
        strength = relation.level
        hedge = "established"
        if hedges:
            hedge = min(hedges, key=lambda each: self._rank(self._strengths.hedges[each]))
            strength = self._strengths.hedges[hedge]
        elif self._scene.marks_between(first, last, "modals"):
            strength = self._strengths.modal
        return hedge, min(strength, relation.level, key=self._rank)

    def _is_denied(self, statement: Statement, start: int) -> bool:
        """Whether a word between the ends denies the relation, or one before them denies it all.

        Words of a relation that denies by itself, such as *failed in*, are no further denial.
        """
        ends = (*statement.subjects, *statement.objects)
        first = min([each.last for each in ends if each.last <= statement.at[0]], default=start)
        last = max([statement.last, *(each.first for each in ends)])
        own = (statement.first, statement.last) if statement.relation.negated else statement.at
        words = self._scene.passage.words
        between = (
            mark
            for mark in self._scene.marks_between(first, last, "negations")
            if not (mark.last < len(words) and words[mark.last].form in _NOT_ONLY)
        )
        before = self._scene.marks_between(start, statement.at[0], "denials")
        return any(mark.last <= own[0] or own[1] <= mark.first for mark in (*between, *before))

    def _jurisdictions(self, first: int, last: int) -> tuple[str, ...]:
        """Where it is said to hold: places and agencies named in the clause."""
        scene = self._scene
        found = {mark.value for mark in scene.marks_between(first, last, "jurisdiction")}
        for argument in scene.arguments:
            if first <= argument.first and argument.last <= last:
                found |= {
                    scene.lexicon.agencies[entity.id]
                    for entity in argument.entities[:1]
                    if entity.id in scene.lexicon.agencies
                }
        return tuple(sorted(found))

    def _is_said(self, statement: Statement) -> bool:
        """Whether a kind is stated with words of its own, and not by *such as*."""
        return statement.subjects[0].first < statement.objects[0].first

    def _agencies(self, statement: Statement) -> Iterator[ClaimEnd]:
        """The agencies of the places that are named in the clause."""
        scene = self._scene
        for mark in scene.marks_between(statement.first, scene.clause(statement.last - 1)[1], "jurisdiction"):
            if mark.value in scene.meanings.agencies:
                end = self._end_of_words(mark.first, mark.last)
                yield replace(end, entities=(scene.meanings.agencies[mark.value],), how="place")

    def _end(self, argument: Argument) -> ClaimEnd:
        passage = self._scene.passage
        start, end = passage.words[argument.first].start, passage.words[argument.last - 1].end
        return ClaimEnd(
            passage.offset + start,
            passage.offset + end,
            passage.text[start:end],
            argument.entities,
            argument.how,
        )

    def _end_of_words(self, first: int, last: int) -> ClaimEnd:
        passage = self._scene.passage
        start, end = passage.words[first].start, passage.words[last - 1].end
        return ClaimEnd(
            passage.offset + start, passage.offset + end, passage.text[start:end], (), "unresolved"
        )

    def _rank(self, level: str) -> int:
        return self._strengths.rank(level)
