"""Finding many phrases in a text at once: Aho-Corasick over word forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Generic, NamedTuple, TypeVar

import ahocorasick_rs

from stemgraph.graph.annotation.words import FormText, pattern_of

Value = TypeVar("Value")

_LONGEST: Final = ahocorasick_rs.MatchKind.LeftmostLongest
_EVERY: Final = ahocorasick_rs.MatchKind.Standard


class Found(NamedTuple, Generic[Value]):
    """A phrase that was found: its words from ``first`` up to ``last``, and what is known of it."""

    first: int
    last: int
    value: Value


class PhraseIndex(Generic[Value]):
    """Phrases, each a run of word forms with a value; the first value given to a phrase stays.

    Args:
        phrases: Each phrase with its value.
        overlapping: Find phrases within phrases too, not only the longest from the left.
    """

    def __init__(
        self, phrases: Iterable[tuple[tuple[str, ...], Value]], *, overlapping: bool = False
    ) -> None:
        values: dict[str, Value] = {}
        for forms, value in phrases:
            if forms:
                values.setdefault(pattern_of(forms), value)
        self._values = list(values.values())
        self._overlapping = overlapping
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(values), matchkind=_EVERY if overlapping else _LONGEST, store_patterns=False
        )

    def __len__(self) -> int:
        return len(self._values)

    def find(self, text: FormText) -> Iterator[Found[Value]]:
        """The phrases of a text by where they begin, and the longer first."""
        matches = self._automaton.find_matches_as_indexes(text.string, overlapping=self._overlapping)
        if self._overlapping:
            matches.sort(key=lambda match: (match[1], -match[2]))
        for number, start, end in matches:
            yield Found(*text.span(start, end), self._values[number])
