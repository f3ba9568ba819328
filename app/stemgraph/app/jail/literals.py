"""The literals of a store by their predicate, so that those which hold a text are found without the store."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable
from typing import Final, cast

import pyoxigraph

MOST_CHARACTERS: Final = 32_000_000
"""Characters of all literals that are kept, some 100 MB; the predicates with most of them are left out."""
_TEXTS: Final = frozenset(
    {
        "http://www.w3.org/2001/XMLSchema#string",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
    }
)
_END: Final = "\x00"
"""Stands between two texts; no text that is looked for has it."""


def folded(text: str) -> str:
    """A text in a form that its lower case, its upper case and itself have in common.

    It is made character by character, so that what a text holds, its form holds too.
    """
    return text.upper().casefold()


def strange(characters: Iterable[str]) -> frozenset[str]:
    """Those whose case the engine changes to something of another form, for it may know a later Unicode."""
    asked = [each for each in characters if not each.isascii()]
    if not asked:
        return frozenset()
    text = str(pyoxigraph.Literal("|".join(asked)))
    query = f"SELECT (LCASE({text}) AS ?lower) (UCASE({text}) AS ?upper) {{}}"
    (solution,) = cast("pyoxigraph.QuerySolutions", pyoxigraph.Store().query(query))
    changed = [cast("pyoxigraph.Literal", term).value.split("|") for term in solution]
    return frozenset(
        each
        for each, lower, upper in zip(asked, *changed, strict=True)
        if not folded(lower) == folded(each) == folded(upper)
    )


class Texts:
    """The literals of one predicate, each once.

    Args:
        literals: The literals.
    """

    def __init__(self, literals: Collection[pyoxigraph.Literal]) -> None:
        self._terms: list[str] = []
        self._untold: list[str] = []
        """Literals of which it cannot be told what they hold in another case."""
        odd = strange(set[str]().union(*(literal.value for literal in literals)))
        parts: list[str] = []
        self._starts = array("L")
        length = 0
        for literal in literals:
            text = literal.value
            if odd and not odd.isdisjoint(text):
                self._untold.append(str(literal))
                continue
            form = folded(text.replace(_END, ""))
            self._terms.append(str(literal))
            self._starts.append(length)
            parts.append(form)
            length += len(form) + 1
        self._forms = _END.join(parts)

    def holding(self, form: str, most: int) -> list[str] | None:
        """The literals, as SPARQL writes them, whose form holds this one, and those that cannot be told.

        None where there are more than that.
        """
        found = list(self._untold)
        at = self._forms.find(form)
        while at >= 0 and len(found) <= most:
            found.append(self._terms[bisect_right(self._starts, at) - 1])
            end = self._forms.find(_END, at)
            at = -1 if end < 0 else self._forms.find(form, end)
        return found if len(found) <= most else None


class LiteralIndex:
    """The literals of each predicate that has nothing but strings, with a language or without.

    Args:
        texts: The literals by the IRI of the predicate.
    """

    def __init__(self, texts: dict[str, Texts]) -> None:
        self._texts = texts

    @classmethod
    def of(cls, store: pyoxigraph.Store, most_characters: int = MOST_CHARACTERS) -> LiteralIndex:
        """The literals of a store that does not change."""
        literals: dict[str, dict[pyoxigraph.Literal, None]] = {}
        mixed: set[str] = set()
        for quad in store:
            predicate, object_ = quad.predicate.value, quad.object
            if predicate in mixed:
                continue
            if isinstance(object_, pyoxigraph.Literal) and object_.datatype.value in _TEXTS:
                literals.setdefault(predicate, {})[object_] = None
            else:
                mixed.add(predicate)
                literals.pop(predicate, None)
        sizes = {each: sum(len(literal.value) for literal in found) for each, found in literals.items()}
        kept: dict[str, Texts] = {}
        for predicate in sorted(sizes, key=sizes.__getitem__):
            most_characters -= sizes[predicate]
            if most_characters < 0:
                break
            kept[predicate] = Texts(literals.pop(predicate))
        return cls(kept)

    def __contains__(self, predicate: str) -> bool:
        return predicate in self._texts

    def holding(self, predicate: str, text: str, most: int) -> list[str] | None:
        """The literals of a predicate that may hold a text, in whatever case; None where that is not told.

        All that do are among them. They are written as in SPARQL.

        Args:
            predicate: Its IRI.
            text: What they hold.
            most: How many may be told.
        """
        texts = self._texts.get(predicate)
        if texts is None or _END in text:
            return None
        return texts.holding(folded(text), most)
