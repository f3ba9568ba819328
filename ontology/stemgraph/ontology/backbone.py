"""The ontology backbone: what CL, MONDO, MAXO and the used terms of others say, read from our tables.

The tables are made by ``python -m stemgraph.ontology.backbone_import``; ``data/backbone/README.md`` says
from what, and under which licences.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from stemgraph.ontology.compressed import open_text
from stemgraph.ontology.tables import LabelTables, Term, read_tables

WHOLE_ONTOLOGIES: Final = ("cl", "maxo", "mondo")
"""Ontologies of which every term is in the backbone."""

USED_ONTOLOGIES: Final = ("chebi", "go", "hgnc", "hp", "uberon")
"""Ontologies of which the terms that the content uses are in the backbone."""


@dataclass(frozen=True, slots=True, order=True)
class Axiom:
    """A relation between two terms that an ontology states; the predicate is a name of our vocabulary."""

    source: str
    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True, order=True)
class Equivalence:
    """An exact match of a term in another vocabulary; the source is the named graph it goes to."""

    source: str
    id: str
    equivalent: str


@dataclass(frozen=True)
class Backbone:
    """The terms, their axioms and their equivalents."""

    terms: Mapping[str, tuple[Term, ...]]
    """By named graph: ``cl``, ``mondo`` and so on."""
    axioms: tuple[Axiom, ...]
    equivalences: tuple[Equivalence, ...]
    tables: LabelTables

    def subclass_axioms(self) -> Iterator[Axiom]:
        """Every subclass edge whose two ends are current terms of the backbone."""
        for source, terms in self.terms.items():
            for term in terms:
                for parent in term.parents:
                    yield Axiom(source, term.id, "subclass_of", parent)

    def all_axioms(self) -> Iterator[Axiom]:
        """Subclass edges, then the other relations."""
        yield from self.subclass_axioms()
        yield from self.axioms


def backbone_directory() -> Path:
    """The directory of the backbone tables inside this package."""
    return Path(__file__).parent / "data" / "backbone"


def terms_path(directory: Path, name: str) -> Path:
    """The table of one ontology's terms."""
    suffix = "_used" if name in USED_ONTOLOGIES else ""
    return directory / "terms" / f"{name}{suffix}.tsv.gz"


def read_backbone(directory: Path) -> Backbone:
    """The backbone in a directory.

    Raises:
        ContentError: A table is missing or cannot be read.
    """
    names = sorted((*WHOLE_ONTOLOGIES, *USED_ONTOLOGIES))
    tables = read_tables(terms_path(directory, name) for name in names)
    source_by_prefix = {name.upper(): name for name in names}
    terms: dict[str, list[Term]] = {name: [] for name in names}
    for term in tables.terms.values():
        terms[source_by_prefix[term.prefix]].append(term)
    return Backbone(
        terms={name: tuple(each) for name, each in terms.items()},
        axioms=tuple(Axiom(*row) for row in _rows(directory / "axioms.tsv.gz")),
        equivalences=tuple(Equivalence(*row) for row in _rows(directory / "equivalences.tsv.gz")),
        tables=tables,
    )


@cache
def bundled_backbone() -> Backbone:
    """The backbone inside this package, read once."""
    return read_backbone(backbone_directory())


def _rows(path: Path) -> Iterator[list[str]]:
    with open_text(path) as stream:
        rows = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(rows, None)
        yield from rows
