"""The patterns of ``data/patterns`` as phrase indexes, built once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from stemgraph.graph.annotation.phrase_index import PhraseIndex
from stemgraph.graph.annotation.words import forms_of
from stemgraph.ontology import text_patterns
from stemgraph.ontology.text_patterns import Cues, Phrase, Relation, RelationPattern

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """A small word: its kind, and what it says of that kind, such as which hedge."""

    kind: str
    # A hedge's or a place's name, or a Reference.
    value: Any = None


@dataclass(frozen=True, slots=True)
class Tail:
    """What follows the words of a pattern, with words as forms."""

    slot: str | None
    words: frozenset[Forms]
    gap: bool
    optional: bool


@dataclass(frozen=True, slots=True)
class Anchor:
    """A relation's pattern, ready to be matched where its words stand."""

    relation: Relation
    pattern: RelationPattern
    after: tuple[Tail, ...]


class Lexicon:
    """The indexes of anchors, phrases and cues; ``lexicon`` gives the one there is."""

    def __init__(self) -> None:
        cues = text_patterns.cues()
        self.general = cues.general_entities
        self.agencies = cues.agencies
        self.roles = cues.roles
        self.joiners = _forms(cues.joiners)
        self.exemplifiers = _forms(cues.exemplifiers)
        self.auxiliaries = {forms_of(each)[0] for each in cues.auxiliaries}
        self.prepositions = {forms[0] for forms in _forms(cues.prepositions)}
        self.anchors = PhraseIndex(_anchors(), overlapping=True)
        self.phrases: PhraseIndex[Phrase] = PhraseIndex(
            (forms_of(words), phrase) for phrase in text_patterns.phrases() for words in phrase.words
        )
        self.cues = PhraseIndex(_cues(cues), overlapping=True)


@cache
def lexicon() -> Lexicon:
    """The lexicon of the pattern files."""
    return Lexicon()


def _forms(phrases: tuple[str, ...]) -> frozenset[Forms]:
    return frozenset(forms_of(each) for each in phrases)


def _anchors() -> Iterator[tuple[Forms, tuple[Anchor, ...]]]:
    found: dict[Forms, list[Anchor]] = defaultdict(list)
    for relation in text_patterns.relations():
        for pattern in relation.patterns:
            after = tuple(
                Tail(each.slot, _forms(each.words), each.gap, each.optional) for each in pattern.after
            )
            anchor = Anchor(relation, pattern, after)
            for forms in _forms(pattern.words):
                found[forms].append(anchor)
    for forms in sorted(found):
        # What asks for more is tried first.
        yield forms, tuple(sorted(found[forms], key=lambda each: -len(each.after)))


def _cues(cues: Cues) -> Iterator[tuple[Forms, tuple[Cue, ...]]]:
    found: dict[Forms, list[Cue]] = defaultdict(list)
    for hedge, words in cues.hedges.items():
        for each in words:
            found[forms_of(each)].append(Cue("hedge", hedge))
    for kind in (
        "modals",
        "negations",
        "denials",
        "presents",
        "clause_ends",
        "relatives",
        "reports",
        "advice",
    ):
        for each in getattr(cues, kind):
            found[forms_of(each)].append(Cue(kind))
    for code, words in cues.jurisdictions.items():
        for each in words:
            found[forms_of(each)].append(Cue("jurisdiction", code))
    for reference in cues.references:
        for each in reference.words:
            found[forms_of(each)].append(Cue("reference", reference))
    for forms in sorted(found):
        yield forms, tuple(found[forms])
