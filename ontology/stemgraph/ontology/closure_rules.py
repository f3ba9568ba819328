"""The rules of closure: which statements answer for other entities than those they were made of.

Read from ``data/rules/closure.yaml``, which explains itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast

from stemgraph.ontology import vocabulary
from stemgraph.ontology.curation.fields import Fields, integer_of, suggestion
from stemgraph.ontology.errors import ContentError
from stemgraph.ontology.located_yaml import Located, read_yaml

End = Literal["subject", "object"]
Direction = Literal["upward", "downward"]

NEGATED: Final = "negated"
DONOR_TYPE: Final = "donor_type"

_PARTS: Final = frozenset({"blocks", "rules", "treats_ladder", "evidence_grades"})
_RULE_FIELDS: Final = frozenset(
    {
        *("name", "explanation", "predicates", "moves", "direction", "along", "asked"),
        *("blocked_by", "stops_at", "groupings", "transitive"),
    }
)


@dataclass(frozen=True, slots=True)
class ClosureRule:
    """How one end of a statement moves from what it was stated of to what is asked for."""

    name: str
    explanation: str
    predicates: tuple[str, ...]
    moves: End
    direction: Direction
    """``upward`` where what is asked for is more general, ``downward`` where more particular."""
    along: tuple[str, ...]
    """The relations that lead from the particular to the general."""
    asked: tuple[str, ...] = ()
    """Categories that the entity asked for may have; empty for any."""
    blocked_by: frozenset[str] = frozenset()
    """Names of the blocks that hold it up: ``negated``, ``donor_type``."""
    stops_at: tuple[str, ...] = ()
    """CURIEs of the entities through which no way may lead."""
    groupings: bool = False
    """Whether the way may use the project's own groupings."""
    transitive: bool = False
    """Whether it follows from the relation itself."""


@dataclass(frozen=True, slots=True)
class DonorTypes:
    """What is known of whose cells an intervention uses, and which outcomes depend on it."""

    entities: Mapping[str, tuple[str, ...]]
    """By donor type, the CURIEs of the interventions of that type; their kinds are of it too."""
    told_by: tuple[str, ...]
    """Predicates whose ``donor_type`` qualifier tells the donor type of their subject."""
    outcomes: Mapping[str, tuple[str, ...]]
    """By donor type, the CURIEs of the outcomes that only it can have; their kinds are so too."""


@dataclass(frozen=True, slots=True)
class LadderStep:
    """How much a predicate claims of an intervention and a condition."""

    predicate: str
    strength: int
    meaning: str


@dataclass(frozen=True, slots=True)
class ClosureRules:
    """All rules, in the order in which they are preferred, with the blocks and the treats ladder."""

    rules: tuple[ClosureRule, ...]
    blocks: Mapping[str, str]
    """The explanation of each block by its name."""
    donor_types: DonorTypes
    ladder: tuple[LadderStep, ...]
    """The strongest first."""
    evidence_grades: tuple[str, ...]
    """Study designs, the strongest first."""

    def rule(self, name: str) -> ClosureRule:
        """The rule of this name.

        Raises:
            KeyError: There is none.
        """
        return next(each for each in self.rules if each.name == name)

    @property
    def strengths(self) -> dict[str, int]:
        """The strength of each predicate of the treats ladder."""
        return {each.predicate: each.strength for each in self.ladder}


@cache
def closure_rules() -> ClosureRules:
    """The rules that ship with stemgraph."""
    return read_closure_rules(Path(__file__).parent / "data" / "rules" / "closure.yaml")


def read_closure_rules(path: Path) -> ClosureRules:
    """The rules in a file.

    Raises:
        ContentError: A rule names what the vocabulary does not have, or is incomplete.
    """
    document = Fields(read_yaml(path, name=path.name), _PARTS)
    blocks, donor_types = _blocks(document["blocks"])
    rules = tuple(_rule(each, blocks) for each in document["rules"].items)
    names = [each.name for each in rules]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ContentError(f"two rules are called '{repeated[0]}'", place=path.name, mend="rename one")
    ladder = sorted(map(_step, document["treats_ladder"].items), key=lambda step: -step.strength)
    grades = _words(document, "evidence_grades", vocabulary.enumeration("study_design"))
    return ClosureRules(rules, blocks, donor_types, tuple(ladder), grades)


def _rule(located: Located, blocks: Collection[str]) -> ClosureRule:
    fields = Fields(located, _RULE_FIELDS)
    return ClosureRule(
        name=fields.text("name"),
        explanation=" ".join(fields.text("explanation").split()),
        predicates=_words(fields, "predicates", vocabulary.predicates()),
        moves=cast(End, _word(fields, "moves", ("subject", "object"))),
        direction=cast(Direction, _word(fields, "direction", ("upward", "downward"))),
        along=_words(fields, "along", vocabulary.predicates()),
        asked=_words(fields, "asked", vocabulary.categories()),
        blocked_by=frozenset(_words(fields, "blocked_by", blocks)),
        stops_at=_curies(fields["stops_at"]) if "stops_at" in fields else (),
        groupings=fields.boolean("groupings"),
        transitive=fields.boolean("transitive"),
    )


def _blocks(located: Located) -> tuple[dict[str, str], DonorTypes]:
    explanations: dict[str, str] = {}
    donor_types = DonorTypes({}, (), {})
    for each in located.items:
        fields = Fields(each, {"name", "explanation", "donor_types", "told_by", "outcomes"})
        name = _word(fields, "name", (NEGATED, DONOR_TYPE))
        explanations[name] = " ".join(fields.text("explanation").split())
        if name == DONOR_TYPE:
            donor_types = DonorTypes(
                _by_donor_type(fields["donor_types"]),
                _words(fields, "told_by", vocabulary.predicates()),
                _by_donor_type(fields["outcomes"]),
            )
    return explanations, donor_types


def _by_donor_type(located: Located) -> dict[str, tuple[str, ...]]:
    fields = Fields(located, vocabulary.enumeration("donor_type"))
    return {name: _curies(fields[name]) for name in vocabulary.enumeration("donor_type") if name in fields}


def _curies(located: Located) -> tuple[str, ...]:
    return tuple(Fields(each, {"id", "label"}).curie("id") for each in located.items)


def _step(located: Located) -> LadderStep:
    fields = Fields(located, {"strength", "predicate", "meaning"})
    predicate = _word(fields, "predicate", vocabulary.predicates())
    return LadderStep(predicate, integer_of(fields["strength"]), fields.text("meaning"))


def _word(fields: Fields, key: str, allowed: Collection[str]) -> str:
    return _checked(fields, key, fields.text(key), allowed)


def _words(fields: Fields, key: str, allowed: Collection[str]) -> tuple[str, ...]:
    return tuple(_checked(fields, key, each, allowed) for each in fields.texts(key))


def _checked(fields: Fields, key: str, word: str, allowed: Collection[str]) -> str:
    if word not in allowed:
        raise ContentError(
            f"'{word}' is not one of the {key} here",
            place=fields.place_of(key),
            mend=suggestion(word, allowed),
        )
    return word
