"""Finding what a sentence states: the words of a relation, and what fills the slots beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from stemgraph.graph.claims.arguments import Argument, Categories
from stemgraph.graph.claims.lexicon import Anchor
from stemgraph.graph.claims.slots import Group, Scene
from stemgraph.ontology import text_patterns
from stemgraph.ontology.text_patterns import Relation

_LONGEST_UNKNOWN: Final = 6
"""Words that are shown of an end that names nothing known."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A relation found in a sentence, with what fills its slots and the words it takes up."""

    relation: Relation
    subjects: Group
    objects: Group
    first: int
    last: int
    at: tuple[int, int]
    """The words that state it."""
    unknown: tuple[str, int, int] | None = None
    """The end that names nothing known (S or O), as words."""


class StatementFinder:
    """Finds the statements of one sentence."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def find(self) -> Iterator[Statement]:
        """The statements, those of the most words first."""
        yield from sorted(self._anchored(), key=lambda each: each.at[0] - each.at[1])
        yield from self._said_by_phrases()
        yield from self._examples()

    def _anchored(self) -> Iterator[Statement]:
        """What the words of relations state; longer words go first, and what they took is not read again.

        Words after which no object stands give way to fewer words after which one does.
        """
        taken: list[tuple[int, int]] = []
        waiting: list[Statement] = []
        for found in self._scene.passage.anchors_in(self._scene.sentence):
            if any(found.first < last and first < found.last for first, last in taken):
                continue
            if self._cuts_a_name(found.first, found.last):
                continue
            statements = self._matches(found.value, found.first, found.last)
            if any(each.objects or each.unknown for each in statements):
                taken.append((found.first, found.last))
                yield from statements
            else:
                waiting += statements
        for statement in waiting:
            first, last = statement.at
            if not any(first < end and start < last for start, end in taken):
                taken.append(statement.at)
                yield statement

    def _cuts_a_name(self, first: int, last: int) -> bool:
        """Whether words begin or end within a name, so that they belong to it."""
        return any(
            each.first < first < each.last or each.first < last < each.last
            for each in self._scene.arguments
            if not each.inner and each.reference is None
        )

    def _matches(self, anchors: tuple[Anchor, ...], first: int, last: int) -> list[Statement]:
        """What the words state with both ends, else with an end that is unknown.

        Of readings that share their last end the one is taken whose first end is nearest, and leans on no
        preposition; named itself it goes before what it may stand for.
        """
        found = [
            each for each in (self._match(anchor, first, last) for anchor in anchors) if each is not None
        ]
        found = [each for each in found if each.objects] or found
        nearest = min((_right_end(each, last) for each in found), default=last)
        found = [each for each in found if _right_end(each, last) == nearest]
        if not found:
            opened = (self._match_open(each, first, last) for each in anchors if each.relation.open)
            return [each for each in opened if each is not None][:1]
        best: dict[int, Statement] = {}
        for statement in found:
            last_end = max(group[0].first for group in (statement.subjects, statement.objects) if group)
            known = best.get(last_end)
            if known is None or self._nearness(statement) < self._nearness(known):
                best[last_end] = statement
        return list(best.values())

    def _nearness(self, statement: Statement) -> tuple[bool, bool, int]:
        """How far the first end is from the words; less is better."""
        groups = [group for group in (statement.subjects, statement.objects) if group]
        nearest = min(groups, key=lambda group: group[0].first)
        is_role = any(each.how == "role" for group in groups for each in group)
        return is_role, self._scene.leans(nearest[0]), -nearest[-1].last

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
            group = scene.right(
                word,
                _categories(relation, tail.slot),
                far=tail.gap,
                exclude=taken,
                general=relation.general,
            )
            if tail.slot == "R" and not (group and group[0].how == "reference"):
                return None
            if not group and not tail.optional:
                return None
            slots["O" if tail.slot == "R" else tail.slot] = group
            word = max([word, *(each.last for each in group)])
        return self._statement(relation, slots, begin, word, at=(first, last))

    def _statement(
        self, relation: Relation, slots: dict[str, Group], first: int, last: int, *, at: tuple[int, int]
    ) -> Statement | None:
        subjects, objects = slots.get("S", ()), slots.get("O", ())
        if not subjects or (not objects and not relation.open_object):
            return None
        if relation.same_category and not _share_category(subjects, objects):
            return None
        same = {each.entities[0].id for each in subjects} & {each.entities[0].id for each in objects}
        return None if same else Statement(relation, subjects, objects, first, last, at)

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
        return Statement(
            relation, slots.get("S", ()), slots.get("O", ()), first, last, (first, last), unknown
        )

    def _unknown(self, first: int, last: int, *, from_end: bool) -> tuple[int, int] | None:
        """The words of an end that names nothing known, cut at marks; None if they point back."""
        words = self._scene.passage.words
        marks = [place for place in range(first, last) if not words[place].form[0].isalnum()]
        if from_end:
            first = max([first, *(place + 1 for place in marks), last - _LONGEST_UNKNOWN])
        else:
            last = min([last, *marks, first + _LONGEST_UNKNOWN])
        small = self._scene.lexicon.auxiliaries
        while first < last and words[first].form in small:
            first += 1
        while first < last and words[last - 1].form in small:
            last -= 1
        within = [each for each in self._scene.arguments if each.first < last and first < each.last]
        if first >= last or any(each.reference is not None for each in within):
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
            (argument.first, argument.last),
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
        for general, example in pairwise(arguments):
            if not self._scene.gives_examples(general.last, example.first):
                continue
            objects = general.fitting(frozenset(), self._scene.meanings)
            if objects is not None:
                categories = frozenset(objects.entities[0].categories)
                subjects = self._scene.right(example.first, categories, far=False)
                statement = self._statement(
                    relation,
                    {"S": subjects, "O": (objects,)},
                    general.first,
                    example.last,
                    at=(general.last, example.first),
                )
                if statement is not None:
                    yield statement


def _right_end(statement: Statement, last: int) -> int:
    """Where the first end after the words of a statement begins."""
    ends = (each.first for each in (*statement.subjects, *statement.objects))
    return min((each for each in ends if each >= last), default=last)


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
