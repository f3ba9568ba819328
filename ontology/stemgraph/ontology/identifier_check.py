"""The identifier check: does each identifier carry the name that its ontology gives it?

An identifier typed from memory is often a valid one of something else (UBERON:0004548 is "left eye", not
"pars plana of ciliary body"); only comparing it with the official label shows that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from stemgraph.ontology.backbone import backbone_directory
from stemgraph.ontology.identifier_pairs import IdentifierPair
from stemgraph.ontology.identifiers import normalise
from stemgraph.ontology.tables import LabelTables, Term, read_table_directory


class VerdictKind(StrEnum):
    """What came of comparing an identifier and a label with the release."""

    EXACT = "exact"
    CASE = "case"
    SYNONYM = "synonym"
    DIFFERS = "differs"
    OBSOLETE = "obsolete"
    UNKNOWN = "unknown"
    UNCHECKED = "unchecked"


WRONG = frozenset({VerdictKind.DIFFERS, VerdictKind.OBSOLETE, VerdictKind.UNKNOWN})
"""The verdicts that make a check fail."""


@dataclass(frozen=True, slots=True)
class IdentifierVerdict:
    """The verdict on one pair of identifier and label."""

    pair: IdentifierPair
    kind: VerdictKind
    message: str
    official_label: str | None = None
    replacements: tuple[str, ...] = ()
    """For ``obsolete``: the identifiers to use instead."""
    label_belongs_to: tuple[str, ...] = ()
    """For ``differs`` and ``unknown``: the identifiers of the same ontology that carry the given label."""

    @property
    def is_wrong(self) -> bool:
        """Whether it makes the check fail: differs, obsolete or unknown."""
        return self.kind in WRONG


def identifier_tables(directory: Path | None = None) -> LabelTables:
    """The bundled label tables, with those of ``directory`` in place of ours for each prefix they have.

    Raises:
        ContentError: The directory holds no table, or one that cannot be read.
    """
    bundled = _bundled_tables()
    return bundled.overlaid_with(read_table_directory(directory)) if directory is not None else bundled


def check_identifiers(
    pairs: Iterable[IdentifierPair], tables: LabelTables | None = None
) -> list[IdentifierVerdict]:
    """Hold each pair against the label tables (the bundled ones if none are given)."""
    against = identifier_tables() if tables is None else tables
    return [check_identifier(pair, against) for pair in pairs]


def check_identifier(pair: IdentifierPair, tables: LabelTables) -> IdentifierVerdict:
    """Hold one identifier and its label against the label tables."""
    identifier = normalise(pair.id)
    prefix = identifier.partition(":")[0]
    term = tables.terms.get(identifier)
    if term is not None:
        return _compare(pair, term, tables)
    if prefix not in tables.complete:
        table = "the table here is partial" if prefix in tables.prefixes else "no label table is at hand"
        return IdentifierVerdict(
            pair, VerdictKind.UNCHECKED, f"{identifier}: not checked, {table} for '{prefix}'"
        )
    belongs = tables.called(pair.label, prefix=prefix)
    return IdentifierVerdict(
        pair,
        VerdictKind.UNKNOWN,
        f"{identifier} is not in the release{_belonging(pair.label, belongs)}",
        label_belongs_to=belongs,
    )


def _compare(pair: IdentifierPair, term: Term, tables: LabelTables) -> IdentifierVerdict:
    given = pair.label
    if term.deprecated:
        instead = _named(term.replaced_by, tables)
        advice = f"; use {instead}" if instead else "; the release names no replacement"
        return IdentifierVerdict(
            pair,
            VerdictKind.OBSOLETE,
            f"{term.id} is obsolete{advice}",
            official_label=term.label or None,
            replacements=term.replaced_by,
        )
    if not given:
        kind, message = VerdictKind.UNCHECKED, f"{term.id}: no label given; it is '{term.label}'"
    elif given == term.label:
        kind, message = VerdictKind.EXACT, f"{term.id} is '{term.label}'"
    elif given.casefold() == term.label.casefold():
        kind, message = VerdictKind.CASE, f"{term.id} is written '{term.label}', not '{given}'"
    elif given.casefold() in {synonym.casefold() for synonym in term.synonyms}:
        kind, message = VerdictKind.SYNONYM, f"'{given}' is a synonym of {term.id} '{term.label}'"
    else:
        belongs = tables.called(given, prefix=term.prefix) or tables.called(given)
        message = f"{term.id} is '{term.label}', not '{given}'{_belonging(given, belongs)}"
        return IdentifierVerdict(pair, VerdictKind.DIFFERS, message, term.label, label_belongs_to=belongs)
    return IdentifierVerdict(pair, kind, message, official_label=term.label)


def _belonging(label: str, identifiers: tuple[str, ...]) -> str:
    return f"; '{label}' is {' or '.join(identifiers[:3])}" if identifiers else ""


def _named(identifiers: tuple[str, ...], tables: LabelTables) -> str:
    def named(identifier: str) -> str:
        term = tables.terms.get(identifier)
        return f"{identifier} '{term.label}'" if term is not None and term.label else identifier

    return " or ".join(named(each) for each in identifiers)


@cache
def _bundled_tables() -> LabelTables:
    return read_table_directory(backbone_directory() / "terms")
