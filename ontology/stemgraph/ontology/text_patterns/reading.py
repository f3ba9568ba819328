"""Reading the pattern files of ``data/patterns``, each value checked against the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final, cast

import yaml

from stemgraph.ontology import vocabulary
from stemgraph.ontology.errors import ContentError
from stemgraph.ontology.text_patterns.language import expand
from stemgraph.ontology.text_patterns.records import (
    Cues,
    Element,
    FurtherName,
    Phrase,
    Reference,
    Relation,
    RelationPattern,
    SlotName,
    Strengths,
)

# A decoded YAML mapping: its values are checked where they are read.
Row = dict[str, Any]

_SLOTS: Final = {"S", "O", "R", "S?", "O?"}


@cache
def further_names() -> tuple[FurtherName, ...]:
    """The names of ``names.yaml``."""
    return tuple(FurtherName(row["entity"], tuple(row["names"])) for row in _document("names")["names"])


@cache
def ordinary_words() -> frozenset[str]:
    """Names that are nearly always ordinary words."""
    return frozenset(map(str, _document("names")["ordinary"]))


@cache
def qualities() -> tuple[str, ...]:
    """Entities that are qualities and no things; their kinds are too."""
    return tuple(_document("names")["qualities"])


@cache
def phrases() -> tuple[Phrase, ...]:
    """The phrases of ``phrases.yaml``."""
    return tuple(
        Phrase(
            entities=tuple(row["means"]),
            words=_phrases(row["words"], f"phrases.yaml, {row['means'][0]}"),
            verb=row.get("verb", False),
            direction=_word("direction", row.get("direction"), vocabulary.enumeration("direction")),
            of=row.get("of"),
        )
        for row in _document("phrases")["phrases"]
    )


@cache
def relations() -> tuple[Relation, ...]:
    """The relations of ``relations.yaml``.

    Raises:
        ContentError: One names a predicate, category or level that there is not, or has no anchor.
    """
    return tuple(_relation(row) for row in _document("relations")["relations"])


@cache
def phrase_relations() -> tuple[Relation, ...]:
    """The relations that a phrase with a verb may state, in the order in which they are tried."""
    by_name = {relation.name: relation for relation in relations()}
    names = [_known("relation", name, by_name) for name in _document("phrases")["phrase_relations"]]
    return tuple(by_name[name] for name in names)


@cache
def cues() -> Cues:
    """The words of ``cues.yaml``."""
    row = _document("cues")
    lists = {
        name: _phrases(row[name], f"cues.yaml, {name}")
        for name in (
            "modals",
            "negations",
            "denials",
            "presents",
            "exemplifiers",
            "joiners",
            "clause_ends",
            "relatives",
            "reports",
            "prepositions",
            "advice",
        )
    }
    hedges = {
        _known("hedge", name, vocabulary.enumeration("hedge")): _phrases(each, f"cues.yaml, hedge {name}")
        for name, each in row["hedges"].items()
    }
    return Cues(
        **lists,
        hedges=MappingProxyType(hedges),
        references=tuple(_reference(each) for each in row["references"]),
        general_entities=frozenset(row["general_entities"]),
        jurisdictions=MappingProxyType(
            {code: _phrases(words, f"cues.yaml, {code}") for code, words in row["jurisdictions"].items()}
        ),
        agencies=MappingProxyType(row["agencies"]),
        abbreviations=tuple(map(str, row["abbreviations"])),
        auxiliaries=tuple(map(str, row["auxiliaries"])),
        roles=MappingProxyType({cell: tuple(each) for cell, each in row["roles"].items()}),
    )


@cache
def strengths() -> Strengths:
    """The scale of ``strengths.yaml``.

    Raises:
        ContentError: A hedge, predicate or status is unknown, or a status has no level.
    """
    row = _document("strengths")
    levels = tuple(row["levels"])
    for name, words in (
        ("hedges", vocabulary.enumeration("hedge")),
        ("predicates", vocabulary.predicates()),
        ("statuses", vocabulary.enumeration("status")),
    ):
        for key, level in row[name].items():
            _known(name, key, words)
            _known("level", level, levels)
    missing = set(vocabulary.enumeration("status")) - set(row["statuses"])
    if missing:
        raise ContentError(f"no level for {', '.join(sorted(missing))}", place="strengths.yaml, statuses")
    return Strengths(
        levels=levels,
        hedges=MappingProxyType(row["hedges"]),
        modal=_known("level", row["modal"], levels),
        predicates=MappingProxyType(row["predicates"]),
        statuses=MappingProxyType(row["statuses"]),
        ended=frozenset(row["ended"]),
        actions=frozenset(_known("predicate", each, vocabulary.predicates()) for each in row["actions"]),
        inherited_rules=MappingProxyType(row["inherited"]["rules"]),
        inherited=MappingProxyType(
            {name: row["inherited"][name] for name in ("upward", "downward", "transitive")}
        ),
    )


def _document(name: str) -> Row:
    text = (
        files("stemgraph.ontology").joinpath("data", "patterns", f"{name}.yaml").read_text(encoding="utf-8")
    )
    return cast("Row", yaml.load(text, _loader()))  # noqa: S506  # both loaders are safe ones


def _loader() -> type[yaml.SafeLoader]:
    # libyaml where it was built in: ten times faster.
    return cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _phrases(patterns: Iterable[str], place: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(phrase for pattern in patterns for phrase in expand(str(pattern), place=place))
    )


def _known(kind: str, value: str, words: Iterable[str]) -> str:
    if value not in words:
        raise ContentError(
            f"'{value}' is no {kind}", place="data/patterns", mend="use a word of the vocabulary"
        )
    return value


def _word(kind: str, value: str | None, words: Iterable[str]) -> str | None:
    return None if value is None else _known(kind, value, words)


def _relation(row: Row) -> Relation:
    place = f"relations.yaml, {row['name']}"
    predicates = tuple(_known("predicate", each, vocabulary.predicates()) for each in row["predicates"])
    return Relation(
        name=row["name"],
        predicates=predicates,
        inverse_predicates=tuple(
            _known("predicate", each, vocabulary.predicates()) for each in row.get("inverse_predicates", ())
        ),
        level=_known("level", row["level"], strengths().levels),
        countered_by=tuple(
            _known("predicate", each, vocabulary.predicates()) for each in row.get("countered_by", ())
        ),
        patterns=tuple(_pattern(each, place) for each in row["patterns"]),
        subject=_categories(row, "subject", predicates),
        object=_categories(row, "object", predicates),
        negated=row.get("negated", False),
        approval=row.get("approval", False),
        open=row.get("open", False),
        open_object=row.get("open_object", False),
        general=row.get("general", False),
        same_category=row.get("same_category", False),
    )


def _categories(row: Row, end: str, predicates: tuple[str, ...]) -> frozenset[str]:
    """The categories of an end: those given, or those that any of the predicates takes."""
    known = vocabulary.categories()
    given = frozenset(_known("category", each, known) for each in row.get(end, ()))
    if not given:
        taken = [
            vocabulary.predicates()[each].domain if end == "subject" else vocabulary.predicates()[each].range
            for each in predicates
        ]
        given = frozenset[str]().union(*taken) if all(taken) else frozenset[str]()
    without = frozenset(_known("category", each, known) for each in row.get(f"not_{end}", ()))
    return (given or frozenset(known)) - without if without else given


def _pattern(text: str, place: str) -> RelationPattern:
    elements = list(_elements(text, f"{place}: {text}"))
    anchors = [number for number, each in enumerate(elements) if each.slot is None]
    if not anchors:
        raise ContentError("has no words", place=f"{place}: {text}", mend="write words between the slots")
    anchor = anchors[0]
    # What is written before the anchor's words tells how far the slot to the left of them may be.
    before = [
        Element(each.slot, (), following.gap, each.optional)
        for each, following in pairwise(elements[: anchor + 1])
    ]
    return RelationPattern(tuple(before), elements[anchor].words, tuple(elements[anchor + 1 :]))


def _elements(text: str, place: str) -> Iterator[Element]:
    words: list[str] = []
    gap = False

    def flush() -> Iterator[Element]:
        if words:
            yield Element(None, expand(" ".join(words), place=place), gap)
            words.clear()

    for token in text.split():
        if token in _SLOTS:
            pending = bool(words)
            yield from flush()
            name = cast("SlotName", token[0])
            yield Element(name, (), gap and not pending, token.endswith("?"))
            gap = False
        elif token == "...":  # noqa: S105  # the sign for a gap
            if words:
                yield from flush()
            gap = True
        else:
            words.append(token)
    yield from flush()


def _reference(row: Mapping[str, Any]) -> Reference:
    known = vocabulary.categories()
    return Reference(
        words=_phrases(row["words"], "cues.yaml, references"),
        categories=frozenset(_known("category", each, known) for each in row["categories"]),
        means_first=row.get("means_first", not row["categories"]),
        followed_by=tuple(row.get("followed_by", ())),
    )
