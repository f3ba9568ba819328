"""Reading claims from sentences: a relation's words, the ends that fit beside them, and how surely it is said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from stemgraph.graph.claims.arguments import Argument, Categories
from stemgraph.graph.claims.claim import Claim, ClaimEnd, Remark
from stemgraph.graph.claims.lexicon import Anchor
from stemgraph.graph.claims.slots import Group, Scene
from stemgraph.ontology import text_patterns
from stemgraph.ontology.text_patterns import Relation, Strengths

_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_LONGEST_UNKNOWN: Final = 6
"""Words that are shown of an end that names nothing known."""
_NOT_ONLY: Final = frozenset({"only", "just", "merely"})


@dataclass(frozen=True, slots=True)
class Statement:
    """A relation found in a sentence, with what fills its slots and the words it takes up."""

    relation: Relation
    subjects: Group
    objects: Group
    first: int
    last: int
    unknown: tuple[str, int, int] | None = None
    """The end that names nothing known (S or O), as words."""


class SentenceReader:
    """Reads the claims of one sentence."""

    def __init__(self, scene: Scene, number: int) -> None:
        self._scene = scene
        self._number = number
        self._strengths: Strengths = text_patterns.strengths()

    def read(self) -> list[Claim] | Remark:
        """The claims of the sentence, or why there is none."""
        sentence = self._scene.sentence
        if sentence.mark == "?":
            return self._remark("it is a question")
        if self._scene.marks_between(sentence.first, sentence.last, "advice"):
            return self._remark("it gives advice")
        claims: dict[tuple[object, ...], Claim] = {}
        for statement in (*self._anchored(), *self._said_by_phrases(), *self._examples()):
            for claim in self._claims(statement):
                key = (
                    claim.subject.entities[:1] or claim.subject.text,
                    claim.predicates[:1] or claim.relation,
                    claim.object and (claim.object.entities[:1] or claim.object.text),
                )
                known = claims.get(key)
                if known is None or self._rank(claim.strength) > self._rank(known.strength):
                    claims[key] = claim
        if claims:
            return sorted(claims.values(), key=lambda claim: (claim.start, claim.end))
        return self._remark("it states no relation that is known here between two things that are")

    def _anchored(self) -> Iterator[Statement]:
        """What the words of relations state; longer words go first, and what they took is not read again."""
        taken: list[tuple[int, int]] = []
        for found in self._scene.passage.anchors_in(self._scene.sentence):
            if any(found.first < last and first < found.last for first, last in taken):
                continue
            if any(
                each.first < found.first < each.last or each.first < found.last < each.last
                for each in self._scene.arguments
                if not each.inner and each.reference is None
            ):
                continue
            statements = list(self._matches(found.value, found.first, found.last))
            if statements:
                taken.append((found.first, found.last))
                yield from statements

    def _matches(self, anchors: tuple[Anchor, ...], first: int, last: int) -> Iterator[Statement]:
        """The statements of the first anchor that has both ends, else of one with an end that is unknown."""
        done: set[tuple[str, ...]] = set()
        for anchor in anchors:
            if anchor.relation.predicates[:1] in done:
                continue
            statement = self._match(anchor, first, last)
            if statement is not None:
                done.add(anchor.relation.predicates[:1])
                yield statement
        if done:
            return
        for anchor in anchors:
            if anchor.relation.open:
                statement = self._match_open(anchor, first, last)
                if statement is not None:
                    yield statement
                    return

    def _match(self, anchor: Anchor, first: int, last: int) -> Statement | None:
        slots: dict[str, Group] = {}
        scene, relation = self._scene, anchor.relation
        word = first
        for element in reversed(anchor.pattern.before):
            group = scene.left(word, _categories(relation, element.slot), far=element.gap)
            if not group:
                return None
            slots[element.slot or ""] = group
            word = min(each.first for each in group)
        begin, word = min(first, word), last
        for tail in anchor.after:
            if tail.slot is None:
                place = scene.find(tail, word)
                if place is None:
                    return None
                word = place
                continue
            taken = tuple(argument for group in slots.values() for argument in group)
            group = scene.right(word, _categories(relation, tail.slot), far=tail.gap, exclude=taken)
            if tail.slot == "R" and not (group and group[0].how == "reference"):
                return None
            if not group and not tail.optional:
                return None
            slots["O" if tail.slot == "R" else tail.slot] = group
            word = max([word, *(each.last for each in group)])
        return self._statement(relation, slots, begin, word)

    def _statement(
        self, relation: Relation, slots: dict[str, Group], first: int, last: int
    ) -> Statement | None:
        subjects, objects = slots.get("S", ()), slots.get("O", ())
        if not subjects or (not objects and not relation.open_object):
            return None
        if relation.same_category and not _share_category(subjects, objects):
            return None
        same = {each.entities[0].id for each in subjects} & {each.entities[0].id for each in objects}
        return None if same else Statement(relation, subjects, objects, first, last)

    def _match_open(self, anchor: Anchor, first: int, last: int) -> Statement | None:
        """The statement of *S verb O* where only one end is known: the other is shown as its words."""
        pattern = anchor.pattern
        if len(pattern.before) != 1 or len(anchor.after) != 1 or anchor.after[0].slot is None:
            return None
        scene, relation = self._scene, anchor.relation
        left, right = pattern.before[0].slot or "", anchor.after[0].slot
        before = scene.left(first, _categories(relation, left), far=pattern.before[0].gap)
        after = scene.right(last, _categories(relation, right), far=anchor.after[0].gap)
        if bool(before) == bool(after):
            return None
        start, end = scene.clause(first)
        unknown_words = (last, end) if before else (start, first)
        words = self._unknown(*unknown_words, from_end=not before)
        if words is None:
            return None
        slots = {left: before, right: after}
        unknown = (right if before else left, *words)
        return Statement(relation, slots.get("S", ()), slots.get("O", ()), first, last, unknown)

    def _unknown(self, first: int, last: int, *, from_end: bool) -> tuple[int, int] | None:
        """The words of an end that names nothing known, cut at marks; None if something known is among them."""
        words = self._scene.passage.words
        marks = [place for place in range(first, last) if not words[place].form[0].isalnum()]
        if from_end:
            first = max([first, *(place + 1 for place in marks), last - _LONGEST_UNKNOWN])
        else:
            last = min([last, *marks, first + _LONGEST_UNKNOWN])
        if first >= last or any(each.first < last and first < each.last for each in self._scene.arguments):
            return None
        return first, last

    def _said_by_phrases(self) -> Iterator[Statement]:
        """What verbs such as *reset the immune response* state, with the subject before them."""
        for argument in self._scene.arguments:
            phrase = argument.phrase
            if phrase is None or not phrase.verb or not self._refers_rightly(argument):
                continue
            statement = self._said_by(argument)
            if statement is not None:
                yield statement

    def _said_by(self, argument: Argument) -> Statement | None:
        """What a phrase states of the subject before it.

        A cell may act itself or as the treatment with it: then both readings are kept, its own the first.
        """
        readings: list[tuple[Relation, Group]] = []
        for relation in text_patterns.phrase_relations():
            if argument.fitting(relation.object, self._scene.meanings):
                subjects = self._scene.left(argument.first, relation.subject, far=True)
                if subjects and (not readings or subjects[0].first == readings[0][1][0].first):
                    readings.append((relation, subjects))
        if not readings:
            return None
        readings.sort(key=lambda reading: reading[1][0].how == "role")
        relation, subjects = readings[0]
        predicates = tuple(dict.fromkeys(name for each, _ in readings for name in each.predicates))
        if len(readings) > 1 and len({len(each) for _, each in readings}) == 1:
            subjects = tuple(
                replace(each[0], entities=tuple(dict.fromkeys(e for one in each for e in one.entities)))
                for each in zip(*(group for _, group in readings), strict=True)
            )
        return Statement(
            replace(relation, predicates=predicates),
            subjects,
            (argument,),
            min(subjects[0].first, argument.first),
            argument.last,
        )

    def _refers_rightly(self, argument: Argument) -> bool:
        """Whether the pronoun within a phrase means what the phrase says it must."""
        if argument.phrase is None or argument.phrase.of is None:
            return True
        pronoun = text_patterns.Reference(words=(), categories=frozenset())
        earlier = [each for each in self._scene.arguments if each.last <= argument.first]
        meant = self._scene.history.resolve(pronoun, frozenset({"anatomical_structure"}), earlier)
        return any(entity.id == argument.phrase.of for each in meant for entity in each.entities)

    def _examples(self) -> Iterator[Statement]:
        """*A such as B*: that B is a kind of A, meant though not said."""
        relation = next(each for each in text_patterns.relations() if each.same_category)
        arguments = [each for each in self._scene.arguments if not each.inner and each.entities]
        for general, example in zip(arguments, arguments[1:], strict=False):
            between = tuple(
                form for form in self._scene.passage.forms(general.last, example.first) if form not in ",("
            )
            if between not in self._scene.lexicon.exemplifiers:
                continue
            objects = general.fitting(frozenset(), self._scene.meanings)
            if objects is not None:
                categories = frozenset(objects.entities[0].categories)
                subjects = self._scene.right(example.first, categories, far=False)
                statement = self._statement(
                    relation, {"S": subjects, "O": (objects,)}, general.first, example.last
                )
                if statement is not None:
                    yield statement

    def _claims(self, statement: Statement) -> Iterator[Claim]:
        unknown = None if statement.unknown is None else self._end_of_words(*statement.unknown[1:])
        subjects = [self._end(each) for each in statement.subjects] or ([unknown] if unknown else [])
        objects: list[ClaimEnd | None] = [self._end(each) for each in statement.objects]
        if not objects:
            objects = [unknown]
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
        """Whether a word of the clause denies the relation; two deny nothing."""
        stop = max(
            [statement.last, *(each.first for each in statement.objects if each.first >= statement.first)]
        )
        words = self._scene.passage.words
        anchor_words = self._anchor_words(statement)
        denials = [
            mark
            for mark in self._scene.marks_between(start, stop, "negations")
            if not (mark.last < len(words) and words[mark.last].form in _NOT_ONLY)
            and not any(mark.first <= word < mark.last for word in anchor_words)
        ]
        return bool(denials)

    def _anchor_words(self, statement: Statement) -> range:
        """Words of a relation that denies by itself, so that they are not taken for a further denial."""
        return range(statement.first, statement.last) if statement.relation.negated else range(0)

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

    def _remark(self, reason: str) -> Remark:
        passage, sentence = self._scene.passage, self._scene.sentence
        start, end = passage.words[sentence.first].start, passage.words[sentence.last - 1].end
        return Remark(
            self._number, passage.offset + start, passage.offset + end, passage.text[start:end], reason
        )

    def _rank(self, level: str) -> int:
        return self._strengths.rank(level)


def _categories(relation: Relation, slot: str | None) -> Categories:
    return relation.subject if slot == "S" else relation.object


def _share_category(subjects: Group, objects: Group) -> bool:
    return any(
        {*one.categories} & {*other.categories}
        for subject in subjects
        for object_ in objects
        for one in subject.entities
        for other in object_.entities
    )
