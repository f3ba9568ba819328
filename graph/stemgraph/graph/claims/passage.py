"""A piece of text made ready for reading: its words, sentences, arguments and cues."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from stemgraph.graph.annotation.phrase_index import Found
from stemgraph.graph.annotation.words import FormText, Word, words_of_text
from stemgraph.graph.claims.arguments import Argument, Meanings
from stemgraph.graph.claims.lexicon import Anchor, Lexicon, lexicon
from stemgraph.graph.claims.sentences import Sentence, sentences_of

if TYPE_CHECKING:
    from stemgraph.graph.annotation.annotator import Annotator
    from stemgraph.graph.annotation.names import Name
    from stemgraph.graph.model import EntityReference
    from stemgraph.graph.records import MappedRecords
    from stemgraph.ontology.text_patterns import Phrase

_SHORT: Final = 3
"""Letters up to which the name of a country must be in capitals, for *us* is no country."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A cue where it stands."""

    first: int
    last: int
    kind: str
    # What the cue says of its kind: see Cue.
    value: Any


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text, and all that was found in it, each list in order."""

    text: str
    offset: int
    words: tuple[Word, ...]
    sentences: tuple[Sentence, ...]
    arguments: tuple[Argument, ...]
    anchors: tuple[Found[tuple[Anchor, ...]], ...]
    marks: tuple[Mark, ...]

    def written(self, first: int, last: int) -> str:
        """The text of some words."""
        return self.text[self.words[first].start : self.words[last - 1].end]

    def forms(self, first: int, last: int) -> tuple[str, ...]:
        """The forms of some words."""
        return tuple(word.form for word in self.words[first:last])

    def arguments_in(self, sentence: Sentence) -> list[Argument]:
        """The arguments of a sentence."""
        return _within(self.arguments, sentence)

    def anchors_in(self, sentence: Sentence) -> list[Found[tuple[Anchor, ...]]]:
        """The anchors of a sentence."""
        return _within(self.anchors, sentence)

    def marks_in(self, sentence: Sentence) -> list[Mark]:
        """The cues of a sentence."""
        return _within(self.marks, sentence)


class PassageReader:
    """Makes passages of text, with the names of one release."""

    def __init__(self, annotator: Annotator, records: MappedRecords) -> None:
        self._annotator = annotator
        self._lexicon = lexicon()
        self._records = records
        self._candidates = lru_cache(maxsize=16_384)(self._entities_of)
        self._meanings_of = lru_cache(maxsize=1024)(self._entities_named_by)
        self.meanings = Meanings(self._lexicon.general, self._roles(), self._agencies())

    @property
    def lexicon(self) -> Lexicon:
        """The patterns that are read with."""
        return self._lexicon

    def read(self, text: str, offset: int, abbreviations: dict[str, tuple[Name, ...]]) -> Passage:
        """A piece of a text, found at ``offset`` in the whole."""
        words = words_of_text(text)
        forms = FormText([word.form for word in words])
        marks = self._marks(text, words, forms)
        named = [
            Argument(each.first, each.last, self._candidates(each.names))
            for each in self._annotator.mentions(text, words, abbreviations)
        ]
        arguments = self._with_references(self._with_phrases(named, forms), marks, words)
        return Passage(
            text=text,
            offset=offset,
            words=tuple(words),
            sentences=tuple(sentences_of(text, words)),
            arguments=tuple(sorted(arguments, key=lambda each: (each.first, each.inner))),
            anchors=tuple(self._lexicon.anchors.find(forms)),
            marks=tuple(marks),
        )

    def _reference(self, curie: str) -> EntityReference | None:
        entity = self._records.entity(curie)
        return None if entity is None else entity.reference

    def _entities_of(self, names: tuple[Name, ...]) -> tuple[EntityReference, ...]:
        return tuple(candidate.entity for candidate in self._annotator.candidates(names))

    def _roles(self) -> dict[str, tuple[EntityReference, ...]]:
        return {
            cell: tuple(found for each in treatments if (found := self._reference(each)) is not None)
            for cell, treatments in self._lexicon.roles.items()
        }

    def _agencies(self) -> dict[str, EntityReference]:
        agencies = ((code, self._reference(each)) for each, code in self._lexicon.agencies.items())
        return {code: found for code, found in agencies if found is not None}

    def _entities_named_by(self, phrase: Phrase) -> tuple[EntityReference, ...]:
        references = (self._reference(curie) for curie in phrase.entities)
        return tuple(each for each in references if each is not None)

    def _with_phrases(self, named: list[Argument], forms: FormText) -> list[Argument]:
        """The names and phrases; a name within a phrase becomes an inner one, one around it stays alone."""
        arguments = list(named)
        gone: set[int] = set()
        for found in self._lexicon.phrases.find(forms):
            phrase, first, last = found.value, found.first, found.last
            entities = self._meanings_of(phrase)
            over = _overlapping(named, first, last)
            if not entities or any(
                named[each].first <= first
                and named[each].last >= last
                and last - first < _length(named[each])
                for each in over
            ):
                continue
            for each in over:
                arguments[each] = replace(named[each], inner=True, hidden=not phrase.verb)
            # What names it is replaced by the phrase, which says more of how it is used.
            gone.update(each for each in over if _length(named[each]) == last - first)
            arguments.append(Argument(first, last, entities, how="phrase", phrase=phrase))
        return [each for place, each in enumerate(arguments) if place not in gone]

    def _with_references(
        self, arguments: list[Argument], marks: Sequence[Mark], words: Sequence[Word]
    ) -> list[Argument]:
        """The arguments and the words that point back, which take the place of general names within them."""
        places: dict[int, list[int]] = defaultdict(list)
        for place, argument in enumerate(arguments):
            for word in range(argument.first, argument.last):
                places[word].append(place)
        gone: set[int] = set()
        references: list[Argument] = []
        for mark in marks:
            if mark.kind != "reference" or not _is_followed(words, mark):
                continue
            over = {place for word in range(mark.first, mark.last) for place in places[word]}
            if all(
                mark.first <= arguments[each].first and arguments[each].last <= mark.last for each in over
            ):
                gone |= over
                references.append(Argument(mark.first, mark.last, (), how="reference", reference=mark.value))
        return [each for place, each in enumerate(arguments) if place not in gone] + references

    def _marks(self, text: str, words: Sequence[Word], forms: FormText) -> list[Mark]:
        return [
            Mark(found.first, found.last, cue.kind, cue.value)
            for found in self._lexicon.cues.find(forms)
            for cue in found.value
            if cue.kind != "jurisdiction"
            or _is_country(text[words[found.first].start : words[found.last - 1].end])
        ]


def _length(argument: Argument) -> int:
    return argument.last - argument.first


def _is_followed(words: Sequence[Word], mark: Mark) -> bool:
    """Whether the words after a reference are those that it needs."""
    needed: tuple[str, ...] = mark.value.followed_by
    following = [word.form for word in words[mark.last : mark.last + 3]]
    return not needed or any(following[: len(each.split())] == each.split() for each in needed)


def _is_country(written: str) -> bool:
    return len(written) > _SHORT or written.isupper()


def _overlapping(arguments: Sequence[Argument], first: int, last: int) -> range:
    """Places of the arguments, which do not overlap each other, that share words with a run."""
    begin = bisect_left(arguments, first, key=lambda each: each.last - 1)
    end = bisect_left(arguments, last, key=lambda each: each.first)
    return range(begin, max(begin, end))


def _within(items: Sequence[Any], sentence: Sentence) -> list[Any]:
    """The items whose words lie in a sentence; they are sorted by their first word."""
    begin = bisect_left(items, sentence.first, key=lambda each: each.first)
    end = bisect_left(items, sentence.last, key=lambda each: each.first)
    return [each for each in items[begin:end] if each.last <= sentence.last]
