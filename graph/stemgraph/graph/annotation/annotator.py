"""Finding entities in text: which piece, which entities it may mean, and nothing inside a longer name."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stemgraph.graph.annotation.annotation import Annotation, Annotations, Candidate
from stemgraph.graph.annotation.names import Name, NameIndex
from stemgraph.graph.annotation.words import FormText, Word, is_acronym, words_of_text

if TYPE_CHECKING:
    from stemgraph.graph.records import MappedRecords

PIECE: Final = 50_000
"""Characters that are read between two looks at the clock."""
_BREAKS: Final = tuple(map(re.compile, (r"\n[ \t\r]*\n", r"\n", r"[.!?]\s", r"\s")))
"""Where a long text may be cut, the best place first."""
_NEIGHBORS: Final = 30
"""Characters around an acronym that tell whether everything is written in capitals."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Words from ``first`` up to ``last`` that name one of some entities."""

    first: int
    last: int
    names: tuple[Name, ...]


class Annotator:
    """Finds the names of a release in texts."""

    def __init__(self, records: MappedRecords, index: NameIndex | None = None) -> None:
        self._records = records
        self._index = index or NameIndex(records)

    def on(self, records: MappedRecords) -> Annotator | None:
        """The annotator of other records whose entities have the same names in the same rows; see there."""
        index = self._index.on(records)
        return None if index is None else Annotator(records, index)

    def annotate(
        self, text: str, *, categories: Collection[str] = (), budget_ms: int | None = None
    ) -> Annotations:
        """The entities named in a text; a category keeps whole names only, never a name within another's."""
        wanted = frozenset(categories)
        deadline = None if budget_ms is None else time.monotonic() + budget_ms / 1000
        items: list[Annotation] = []
        abbreviations: dict[str, tuple[Name, ...]] = {}
        for start, end in pieces_of(text):
            if deadline is not None and time.monotonic() >= deadline:
                reason = f"the time budget ended at character {start} of {len(text)}"
                return Annotations(tuple(items), start, complete=False, reason=reason)
            piece = text[start:end]
            words = words_of_text(piece)
            for mention in self.mentions(piece, words, abbreviations):
                annotation = self._annotation(piece, words, mention, start, wanted)
                if annotation is not None:
                    items.append(annotation)
        return Annotations(tuple(items), len(text))

    def mentions(
        self, text: str, words: Sequence[Word], abbreviations: dict[str, tuple[Name, ...]]
    ) -> list[Mention]:
        """The names in the words of a text, the longest from the left.

        Args:
            text: What the offsets of the words count in.
            words: Its words.
            abbreviations: Short forms that the text has introduced so far, as in *systemic sclerosis (SSc)*;
                further ones are added.
        """
        found = self._index.phrases.find(FormText([word.form for word in words]))
        named = (
            Mention(each.first, each.last, names)
            for each in found
            if (names := _allowed(each.value, text, words[each.first].start, words[each.last - 1].end))
        )
        return list(_with_abbreviations(text, words, named, abbreviations))

    def candidates(self, names: tuple[Name, ...]) -> tuple[Candidate, ...]:
        """The entities that these names lead to, the likeliest first."""
        return tuple(
            Candidate(
                self._records.entity_at(name.row).reference,
                name.text,
                "label" if name.is_label else "synonym",
            )
            for name in self._index.ranked(names)
        )

    def _annotation(
        self, piece: str, words: Sequence[Word], mention: Mention, offset: int, wanted: frozenset[str]
    ) -> Annotation | None:
        candidates = self.candidates(mention.names)
        if wanted:
            candidates = tuple(each for each in candidates if wanted.intersection(each.entity.categories))
        if not candidates:
            return None
        start, end = words[mention.first].start, words[mention.last - 1].end
        return Annotation(offset + start, offset + end, piece[start:end], candidates)


def pieces_of(text: str) -> Iterator[tuple[int, int]]:
    """Where to cut a long text: after a paragraph, else a line, a sentence, a blank."""
    start = 0
    while start < len(text):
        end = min(start + PIECE, len(text))
        if end < len(text):
            end = _last_break(text, start + PIECE // 2, end)
        yield start, end
        start = end


def _last_break(text: str, start: int, end: int) -> int:
    for kind in _BREAKS:
        breaks = [match.end() for match in kind.finditer(text, start, end)]
        if breaks:
            return breaks[-1]
    return end


def _allowed(names: tuple[Name, ...], text: str, start: int, end: int) -> tuple[Name, ...]:
    written = text[start:end]
    if text[max(0, start - 4) : start].lower().endswith("non-"):
        return ()
    names = tuple(name for name in names if name.allows(written))
    if names and _is_within_capitals(text, start, end):
        return tuple(name for name in names if not name.is_acronym)
    return names


def _is_within_capitals(text: str, start: int, end: int) -> bool:
    """Whether everything around is in capitals, so that they tell nothing."""
    before, after = text[max(0, start - _NEIGHBORS) : start], text[end : end + _NEIGHBORS]
    letters = [letter for letter in before + after if letter.isalpha()]
    return len(letters) > _NEIGHBORS // 2 and not any(map(str.islower, letters))


def _with_abbreviations(
    text: str,
    words: Sequence[Word],
    mentions: Iterable[Mention],
    abbreviations: dict[str, tuple[Name, ...]],
) -> Iterator[Mention]:
    """The mentions, and the short forms that the text itself explains."""
    after = 0
    for mention in mentions:
        yield from _short_forms(text, words, after, mention.first, abbreviations)
        written = text[words[mention.first].start : words[mention.last - 1].end]
        meant = abbreviations.get(written)
        yield mention if meant is None else Mention(mention.first, mention.last, meant)
        after = mention.last
        short = _short_form_of(text, words, mention)
        if short is not None:
            abbreviations.setdefault(short, mention.names)
    yield from _short_forms(text, words, after, len(words), abbreviations)


def _short_forms(
    text: str, words: Sequence[Word], first: int, last: int, abbreviations: dict[str, tuple[Name, ...]]
) -> Iterator[Mention]:
    if abbreviations:
        for number in range(first, last):
            names = abbreviations.get(text[words[number].start : words[number].end])
            if names is not None:
                yield Mention(number, number + 1, names)


def _short_form_of(text: str, words: Sequence[Word], mention: Mention) -> str | None:
    """The acronym in brackets right after a name, where it begins with the same letter."""
    following = words[mention.last : mention.last + 3]
    if [word.form for word in following[::2]] != ["(", ")"]:
        return None
    short = text[following[1].start : following[1].end]
    begins_so = short[:1].casefold() == text[words[mention.first].start].casefold()
    return short if is_acronym(short) and begins_so else None
