"""Sentences and their clauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from stemgraph.graph.annotation.words import Word, forms_of
from stemgraph.ontology import text_patterns

_LONGEST: Final = 150
"""Words after which a sentence is cut: a list without marks must not take ever longer to read."""
_ENDS: Final = frozenset(".!?…\n•")
_CLOSING: Final = "\"')]\u201d\u2019"


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words from ``first`` up to ``last``, the mark at the end left out."""

    first: int
    last: int
    mark: str
    """The mark at its end, empty where there is none."""


def sentences_of(text: str, words: Sequence[Word]) -> Iterator[Sentence]:
    """The sentences of a text, each with a word in it: they end at marks, blank lines and list items."""
    for sentence in _cut(text, words):
        if any(words[place].form[0].isalnum() for place in range(sentence.first, sentence.last)):
            yield sentence


def _cut(text: str, words: Sequence[Word]) -> Iterator[Sentence]:
    abbreviations = {forms_of(each)[0] for each in text_patterns.cues().abbreviations}
    first = 0
    for number, word in enumerate(words):
        if number - first >= _LONGEST:
            yield Sentence(first, number, "")
            first = number
        if word.form in _ENDS and _ends_here(text, words, number, abbreviations):
            yield Sentence(first, number, word.form if word.form in "!?." else "")
            first = number + 1
    yield Sentence(first, len(words), "")


def _ends_here(text: str, words: Sequence[Word], number: int, abbreviations: set[str]) -> bool:
    if words[number].form != ".":
        return True
    following = text[words[number].end : words[number].end + 1]
    if following and not following.isspace() and following not in _CLOSING:
        return False
    if number and (words[number - 1].form in abbreviations or _is_initial(text, words[number - 1])):
        return number + 1 == len(words) or words[number + 1].form == "\n"
    return True


def _is_initial(text: str, word: Word) -> bool:
    """Whether a word is one capital before its point, as in *E. coli*."""
    return word.end - word.start == 1 and text[word.start].isupper()
