"""The small language in which the patterns are written, expanded into plain phrases.

``is|are the? treated with|by`` stands for eight phrases: ``|`` parts alternatives, ``?`` ends what may be
absent, ``_`` joins the words of one alternative, as in ``standard_of_care|usual``.
"""

from __future__ import annotations

from itertools import product

from stemgraph.ontology.errors import ContentError

_MOST: int = 4_000
"""Phrases that one pattern may stand for; more is a slip of the pen."""


def expand(pattern: str, *, place: str) -> tuple[str, ...]:
    """Every phrase that a pattern without slots stands for, each once.

    Raises:
        ContentError: It stands for nothing or for too much.
    """
    choices: list[list[str]] = []
    count = 1
    for token in pattern.split():
        alternatives = [each.replace("_", " ") for each in token.removesuffix("?").split("|")]
        if not all(alternatives):
            raise ContentError(f"'{token}' has an empty alternative", place=place, mend="write a|b or a?")
        choices.append([*alternatives, ""] if token.endswith("?") else alternatives)
        count *= len(choices[-1])
    if count > _MOST:
        raise ContentError(f"stands for {count} phrases", place=place, mend="write several patterns")
    phrases = (" ".join(filter(None, words)) for words in product(*choices))
    found = tuple(dict.fromkeys(phrase for phrase in phrases if phrase))
    if not found:
        raise ContentError("stands for no phrase", place=place, mend="write a word that is not optional")
    return found
