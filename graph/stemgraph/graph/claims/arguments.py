"""What stands in a sentence as a possible end of a claim: names, phrases and words that point back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stemgraph.graph.model import EntityReference
from stemgraph.ontology.text_patterns import Phrase, Reference

Categories = frozenset[str]
"""Names of categories that an end may have; empty means any."""


@dataclass(frozen=True, slots=True)
class Meanings:
    """What the reading of claims knows of entities: those too general to state anything of, and the roles."""

    general: frozenset[str]
    roles: Mapping[str, tuple[EntityReference, ...]]
    """Cell types, and the treatments for which they stand when they are said to treat."""
    agencies: Mapping[str, EntityReference]
    """The agency that decides for a jurisdiction."""


@dataclass(frozen=True, slots=True)
class Argument:
    """Words from ``first`` up to ``last`` that may be an end of a claim."""

    first: int
    last: int
    entities: tuple[EntityReference, ...]
    how: str = "name"
    phrase: Phrase | None = None
    reference: Reference | None = None
    inner: bool = False
    """Whether it stands within a phrase, so that only what follows may lean on it."""
    hidden: bool = False
    """Whether that phrase is itself a name, so that nothing may."""

    @property
    def is_event(self) -> bool:
        """Whether it is a verb with its object, such as *reset the immune response*."""
        return self.phrase is not None and self.phrase.verb

    def fitting(
        self, categories: Categories, meanings: Meanings, *, general: bool = False
    ) -> Argument | None:
        """The argument with the entities of these categories alone, or with the treatments it stands for.

        Nothing is fitting that means all diseases or all cells, unless ``general`` allows it.
        """
        if not general and all(each.id in meanings.general for each in self.entities):
            return None
        fits = tuple(each for each in self.entities if not categories or categories & {*each.categories})
        if fits:
            return replace(self, entities=fits)
        treatments = tuple(
            treatment
            for each in self.entities
            for treatment in meanings.roles.get(each.id, ())
            if categories & {*treatment.categories}
        )
        return replace(self, entities=treatments, how="role") if treatments else None


class History:
    """The arguments of the sentences before, for words that point back to them.

    Args:
        meanings: What an argument may stand for.
        reach: Sentences that a word may point back.
    """

    def __init__(self, meanings: Meanings, reach: int = 3) -> None:
        self._meanings = meanings
        self._reach = reach
        self._sentences: list[tuple[Argument, ...]] = []

    def add(self, arguments: Sequence[Argument]) -> None:
        """Remember a sentence."""
        self._sentences.append(tuple(each for each in arguments if each.entities and not each.hidden))
        del self._sentences[: -self._reach]

    def resolve(
        self, reference: Reference, categories: Categories, before: Sequence[Argument]
    ) -> tuple[Argument, ...]:
        """What a reference means as an end with these categories; nothing if that cannot be told.

        A pronoun means the nearest thing before it in its own sentence, else the subject of the nearest
        sentence before, which is what that named first. A noun such as *these conditions* means what was
        named last, with all that is listed beside it. What was named itself goes before what it may stand
        for, and only *this is where* means what was said to happen.
        """
        wanted = _common(reference.categories, categories)
        if wanted is None:
            return ()
        if not reference.categories:
            for argument in self._fits([each for each in reversed(before) if not each.is_event], wanted):
                return (argument,)
        events = bool(reference.followed_by)
        for sentence in reversed(self._sentences):
            found = list(self._fits([each for each in sentence if events or not each.is_event], wanted))
            named = [each for each in found if each.how != "role"] or found
            if named:
                return _listed(named, 0 if reference.means_first else len(named) - 1)
        return ()

    def _fits(self, arguments: Sequence[Argument], wanted: Categories) -> Iterator[Argument]:
        for argument in arguments:
            fits = argument.fitting(wanted, self._meanings) if argument.entities else None
            if fits is not None:
                yield fits


def _common(one: Categories, other: Categories) -> Categories | None:
    """What both allow; None if they share nothing."""
    if not one or not other:
        return one or other
    return one & other or None


def _listed(found: Sequence[Argument], chosen: int) -> tuple[Argument, ...]:
    """The chosen argument with those listed beside it: no more than a comma and a joiner lie between."""
    first = last = chosen
    while first > 0 and 0 <= found[first].first - found[first - 1].last <= 2:
        first -= 1
    while last + 1 < len(found) and 0 <= found[last + 1].first - found[last].last <= 2:
        last += 1
    return tuple(found[first : last + 1])
