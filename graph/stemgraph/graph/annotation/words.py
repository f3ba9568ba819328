"""Words of a running text, in the form in which names and texts are compared.

A form is without case, accents, plural and the British ``ae`` and ``oe``; hyphens and slashes part words as
blanks do; commas, brackets and ends of sentences are words of their own, so that no name reaches across them
unless it holds them itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"[^\W_]+(?:\.[^\W_]+)*(?:['\u2019\u02bc][^\W_]+)?\+?"  # words; U.S and 3.5 are one, and so is patient's
    r"|\n[ \t\r]*\n|[.,;:!?()\[\]{}…•]"
)
_COMBINING: Final = dict.fromkeys(range(768, 880))
_POSSESSIVE: Final = re.compile(r"['\u2019\u02bc]s?$")
_LIGATURES: Final = re.compile("ae|oe")
_KEPT: Final = ("ss", "us", "is")
"""Endings in s that are no plural: abscess, lupus, sclerosis."""
_FORMS: Final = {"vs": "versus", "viruse": "virus", "metastase": "metastasis"}

BREAKS: Final = frozenset(".;:!?…•\n")
"""Forms that end what is said."""


class Word(NamedTuple):
    """One word or mark of a text: its form, and where it stands."""

    form: str
    start: int
    end: int


def words_of_text(text: str) -> list[Word]:
    """The words and marks of a text, in order."""
    return [Word(form_of(match.group()), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def forms_of(name: str) -> tuple[str, ...]:
    """The forms of the words of a name."""
    return tuple(form_of(token) for token in _TOKEN.findall(name))


@lru_cache(maxsize=65_536)
def form_of(token: str) -> str:
    """The form of one word or mark.

    ``Leukaemias`` becomes ``leukemia``, ``Crohn's`` becomes ``crohn``, ``HSCTs`` becomes ``hsct``.
    """
    if token[0] == "\n":
        return "\n"
    if not token[0].isalnum():
        return token
    if not token.isascii():
        token = unicodedata.normalize("NFKD", token).translate(_COMBINING)
    folded = _POSSESSIVE.sub("", token.casefold()).replace("\u2019", "'")
    if is_acronym(token) and token[-1] != "s":
        return folded
    folded = singular(folded)
    if len(folded) > 4:
        folded = _LIGATURES.sub("e", folded)
        if folded.endswith("our"):
            folded = folded[:-3] + "or"
    return _FORMS.get(folded, folded)


def singular(word: str) -> str:
    """A word in lower case without the ending of the plural, by rule and not by dictionary."""
    if len(word) < 4 or word[-1] != "s" or word.endswith(_KEPT) or word == "lens":
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if word.endswith(("oses", "yses")) and len(word) > 6:
        return word[:-2] + "is"
    return word[:-1]


def is_acronym(token: str) -> bool:
    """Whether a word is written as an acronym or symbol: two capitals, or one beside a digit."""
    capitals = sum(map(str.isupper, token))
    return capitals > 1 or (capitals == 1 and any(map(str.isdigit, token)))


def pattern_of(forms: Iterable[str]) -> str:
    """Forms as a string in which a run of forms is found only at word boundaries.

    Each form has its own two blanks, so that two runs side by side do not share one.
    """
    return "".join(f" {form} " for form in forms)


class FormText:
    """The forms of words as one string, with the way back from its characters to the words."""

    def __init__(self, forms: Sequence[str]) -> None:
        self.string = pattern_of(forms)
        self._words: dict[int, int] = {}
        position = 0
        for number, form in enumerate(forms):
            self._words[position] = number
            position += len(form) + 2
        self._words[position] = len(forms)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The first word of a run of characters, and the one after its last."""
        return self._words[start], self._words[end]
