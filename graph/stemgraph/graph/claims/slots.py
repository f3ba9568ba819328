"""Filling the slots of a pattern: which argument of a sentence is the subject, and which the object."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from stemgraph.graph.claims.arguments import Argument, Categories, History, Meanings
from stemgraph.graph.claims.lexicon import Lexicon, Tail
from stemgraph.graph.claims.passage import Mark, Passage
from stemgraph.graph.claims.sentences import Sentence

_NEAR: Final = 9
"""Words that may stand between a pattern's words and its slot."""
_FAR: Final = 40
"""The same where the pattern has a gap."""
_ARTICLES: Final = frozenset({"a", "an", "the", "this", "some", "most", "many", "all", "active", "severe"})
_COPULAS: Final = frozenset({"is", "are", "was", "were"})

Group = tuple[Argument, ...]


@dataclass(slots=True)
class Scene:
    """A sentence with its arguments and cues, as the slots of patterns are filled from it."""

    passage: Passage
    sentence: Sentence
    lexicon: Lexicon
    meanings: Meanings
    history: History
    arguments: list[Argument] = field(init=False)
    marks: list[Mark] = field(init=False)
    breaks: list[int] = field(init=False)
    """Words at which a clause ends."""

    def __post_init__(self) -> None:
        self.arguments = self.passage.arguments_in(self.sentence)
        self.marks = self.passage.marks_in(self.sentence)
        self.breaks = sorted(
            mark.first
            for mark in self.marks
            if mark.kind == "clause_ends" or (mark.kind == "relatives" and self._is_relative(mark))
        )

    def clause(self, word: int) -> tuple[int, int]:
        """The first word of the clause around a word, and the one after its last."""
        first = max((each for each in self.breaks if each < word), default=self.sentence.first)
        last = min((each for each in self.breaks if each > word), default=self.sentence.last)
        return first, last

    def left(self, word: int, categories: Categories, *, far: bool) -> Group:
        """The end that stands before a word: in its clause, else in the clauses before."""
        start, _ = self.clause(word)
        reach = max(self.sentence.first, word - (_FAR if far else 2 * _NEAR))
        inside = self._before(word, max(start, reach), categories)
        return inside or self._before(word, max(self.sentence.first, word - _FAR), categories)

    def right(
        self, word: int, categories: Categories, *, far: bool, exclude: Group = (), general: bool = False
    ) -> Group:
        """The end that stands after a word in its clause, examples taken for what they are examples of."""
        _, end = self.clause(word - 1)
        if end - word <= 1 < self.sentence.last - word:
            # The clause ends at once: what follows is shared, as in *prevents but does not treat*.
            _, end = self.clause(end)
        reach = min(end, word + (_FAR if far else _NEAR))
        for number, argument in enumerate(self.arguments):
            if argument.first < word or argument.inner or argument in exclude:
                continue
            if argument.first >= reach:
                break
            examples = self._examples(number, categories)
            if examples:
                return examples
            found = self._fill(number, categories, general=general)
            if found:
                return found
        return ()

    def find(self, tail: Tail, word: int) -> int | None:
        """The word after the words of a pattern's tail, where they follow soon enough."""
        _, end = self.clause(word - 1)
        reach = min(end, word + (_FAR if tail.gap else _NEAR))
        longest = sorted(tail.words, key=len, reverse=True)
        for place in range(word, reach):
            for forms in longest:
                if self.passage.forms(place, place + len(forms)) == forms:
                    return place + len(forms)
        return None

    def marks_between(self, first: int, last: int, kind: str) -> list[Mark]:
        """The cues of a kind within some words."""
        return [
            mark for mark in self.marks if mark.kind == kind and first <= mark.first and mark.last <= last
        ]

    def _before(self, word: int, first: int, categories: Categories) -> Group:
        """The nearest fitting group before a word, one that leans on no preposition if there is one."""
        leaning: Group = ()
        nearest = self.is_participle(word)
        for number in range(len(self.arguments) - 1, -1, -1):
            argument = self.arguments[number]
            if argument.last > word or argument.first < first or argument.hidden or argument.is_event:
                continue
            found = self._fill(number, categories, backwards=True)
            if found and (nearest or not self.leans(found[0])):
                return found
            leaning = leaning or found
        return leaning

    def is_participle(self, word: int) -> bool:
        """Whether a word such as *reducing* follows a comma: what it is said of then stands right before."""
        words = self.passage.words
        return word > 0 and words[word].form.endswith("ing") and words[word - 1].form in {",", "and"}

    def leans(self, argument: Argument) -> bool:
        """Whether an argument stands after a preposition or after *is a*."""
        place = argument.first - 1
        while place > self.sentence.first and self.passage.words[place].form in _ARTICLES:
            place -= 1
        if place < self.sentence.first:
            return False
        form = self.passage.words[place].form
        return form in self.lexicon.prepositions or form in _COPULAS

    def _fill(
        self, number: int, categories: Categories, *, backwards: bool = False, general: bool = False
    ) -> Group:
        """The argument in a place, resolved, with all that is listed beside it and fits too."""
        argument = self.arguments[number]
        if argument.reference is not None:
            # A pronoun may mean a name within a phrase: *restore the bone marrow's function, enabling it to*.
            meant = self.history.resolve(argument.reference, categories, self.arguments[:number])
            return tuple(
                replace(each, first=argument.first, last=argument.last, how="reference") for each in meant
            )
        fits = argument.fitting(categories, self.meanings, general=general)
        if fits is None:
            return ()
        group = [fits]
        step = -1 if backwards else 1
        place = number + step
        edge = argument
        while 0 <= place < len(self.arguments):
            beside = self.arguments[place]
            low, high = (beside, edge) if backwards else (edge, beside)
            if beside.inner != argument.inner or not self._is_list(low.last, high.first):
                break
            more = beside.fitting(categories, self.meanings)
            if more is None:
                break
            group.append(more)
            edge = beside
            place += step
        return tuple(reversed(group)) if backwards else tuple(group)

    def _is_list(self, first: int, last: int) -> bool:
        """Whether only commas and joiners lie between two arguments, or words such as *including vital*."""
        forms = self.passage.forms(first, last) if first <= last else None
        if not forms:
            return False
        words = tuple(form for form in forms if form != ",")
        return (
            (not words and forms == (",",))
            or words in self.lexicon.joiners
            or self.gives_examples(first, last)
        )

    def gives_examples(self, first: int, last: int) -> bool:
        """Whether words such as *like* or *including other* lie between two arguments, and no more."""
        words = tuple(form for form in self.passage.forms(first, last) if form not in {",", "("})
        return words in self.lexicon.exemplifiers or words[:-1] in self.lexicon.exemplifiers

    def _examples(self, number: int, categories: Categories) -> Group:
        """What is listed after *such as* behind a general argument, such as *diseases like*."""
        argument = self.arguments[number]
        if number + 1 >= len(self.arguments) or not all(
            each.id in self.meanings.general for each in argument.entities
        ):
            return ()
        following = self.arguments[number + 1]
        examples = self.gives_examples(argument.last, following.first)
        return self._fill(number + 1, categories) if examples else ()

    def _is_relative(self, mark: Mark) -> bool:
        """Whether *that* and its like begin a relative clause, and not what is reported."""
        if self.passage.words[mark.first].form != "that":
            return True
        return not any(each.kind == "reports" and each.last == mark.first for each in self.marks)
