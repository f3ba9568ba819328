"""What prevents, treats or watches for a risk, and whether that is said of the therapy in question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from stemgraph.graph.model import Association, Entity, Record

_ENTITIES: Final = ("cause",)
"""Qualifiers that name a therapy or factor by its CURIE."""

_TEXTS: Final = ("context", "population", "condition", "purpose")
"""Qualifiers that may name a therapy in words."""

CONTEXTS: Final = ("this therapy", "any", "a disease", "another therapy")
"""What a measure is stated for, in reading order; ``a disease``: only in patients with that disease."""

_GENERIC: Final = frozenset(
    {
        "disease",
        "disorder",
        "failure",
        "therapy",
        "treatment",
        "syndrome",
        "monitoring",
        "reaction",
        "recovery",
        "patients",
        "related",
        "analysis",
        "following",
        "complication",
        "transplantation",
        "infusion",
        "circulating",
        "decreased",
        "increased",
    }
)
"""Long words that say too little to connect a test with a risk."""
_LEAST_LETTERS: Final = 7


@dataclass(frozen=True, slots=True)
class Measure:
    """An association that tells of a measure, and what it is stated for."""

    association: Association
    context: str
    link: str | None = None
    """What connects it with the risk, where the statement itself does not name the risk."""

    def to_record(self) -> Record:
        """The JSON shape ``{context, link, association}``."""
        association = {"inherited": None, **self.association.to_record()}
        return {"context": self.context, "link": self.link, "association": association}


_SHARED_HEAD: Final = re.compile(
    r" (or|and)(?= (?:\w+ ){0,3}(transplantation|transplant|therapy|conditioning)\b)"
)
"""Where *stem cell or organ transplantation* leaves out the first *transplantation*."""


class TherapyNames:
    """The names of a therapy, of what it is a kind of and of its kinds, and of others like it."""

    def __init__(self, own: Iterable[Entity], others: Iterable[Entity]) -> None:
        own = tuple(own)
        self._own = frozenset(each.id for each in own)
        names = {name: False for each in others for name in (each.label, *each.synonyms)}
        names |= {name: True for each in own for name in (each.label, *each.synonyms)}
        self._names = {_folded(name): mine for name, mine in names.items() if len(name) > 3}
        longest_first = sorted(self._names, key=len, reverse=True)
        self._pattern = (
            re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})s?\b") if longest_first else None
        )

    def context_of(self, association: Association) -> str:
        """What a measure is stated for, by its qualifiers."""
        qualifiers = association.qualifiers
        found = [self._own_entity(each) for name in _ENTITIES for each in _several(qualifiers.get(name))]
        found += [
            mine
            for name in _TEXTS
            for each in _several(qualifiers.get(name))
            for mine in self._named_in(each)
        ]
        if found:
            return "this therapy" if any(found) else "another therapy"
        return "a disease" if "disease_context" in qualifiers else "any"

    def _own_entity(self, value: object) -> bool:
        if isinstance(value, Mapping):
            return cast("Mapping[str, Any]", value).get("id") in self._own
        return value in self._own

    def _named_in(self, value: object) -> list[bool]:
        if self._pattern is None or not isinstance(value, str):
            return []
        return [
            self._names.get(found, False) or self._names.get(found.removesuffix("s"), False)
            for found in self._pattern.findall(_SHARED_HEAD.sub(r" \2 \1", _folded(value)))
        ]


def watched_by(risk: Entity, watch: Association, names_above: Iterable[str] = ()) -> str | None:
    """What in the words of a ``monitored_by`` statement points to a risk; None where nothing does."""
    said = _folded(" ".join([watch.object.label, *map(str, _several(watch.qualifiers.get("purpose")))]))
    for name in (risk.label, *risk.synonyms, *names_above):
        if len(name) > 3 and re.search(rf"\b{re.escape(_folded(name))}s?\b", said):
            return f"its words name {name}"
    shared = sorted(_content_words(risk.label) & _content_words(said))
    return f"its words and the risk share '{shared[0]}'" if shared else None


def _content_words(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z]+", _folded(text))
    return frozenset(word for word in words if len(word) >= _LEAST_LETTERS) - _GENERIC


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("-", " ").split())


def _several(value: object) -> list[object]:
    if isinstance(value, list):
        return list(cast("list[object]", value))
    return [] if value is None else [value]
