"""Label tables: what an ontology release calls each of its identifiers.

A table is a gzipped, tab-separated file with the columns ``id, label, synonyms, parents, deprecated,
replaced_by`` and optionally ``definition`` and ``label_kind``; lists are joined with ``|``. A file whose
stem ends in ``_used`` or ``_slice`` holds a part of its ontology only, so that an identifier missing from
it is not known to be wrong.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from stemgraph.ontology.compressed import open_text
from stemgraph.ontology.errors import ContentError

COLUMNS: Final = ("id", "label", "synonyms", "parents", "deprecated", "replaced_by", "definition")
PARTIAL_SUFFIXES: Final = ("_used", "_slice")


@dataclass(frozen=True, slots=True)
class Term:
    """One identifier of an ontology release."""

    id: str
    label: str
    synonyms: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    deprecated: bool = False
    replaced_by: tuple[str, ...] = ()
    definition: str | None = None

    @property
    def prefix(self) -> str:
        """The prefix of its CURIE."""
        return self.id.partition(":")[0]


@dataclass(frozen=True)
class LabelTables:
    """The terms of several ontologies, by identifier and by name."""

    terms: Mapping[str, Term]
    complete: frozenset[str] = field(default_factory=frozenset[str])
    """Prefixes of which every identifier of the release is here."""

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """Prefixes of which at least one identifier is here."""
        return frozenset(term.prefix for term in self.terms.values())

    @cached_property
    def _names(self) -> Mapping[str, tuple[str, ...]]:
        names: dict[str, list[str]] = {}
        for term in self.terms.values():
            if term.label and not term.deprecated:
                names.setdefault(term.label.casefold(), []).append(term.id)
        return {name: tuple(identifiers) for name, identifiers in names.items()}

    def called(self, label: str, *, prefix: str | None = None) -> tuple[str, ...]:
        """The current identifiers with this official label (letter case aside), of one prefix if given."""
        found = self._names.get(label.casefold(), ())
        return tuple(each for each in found if prefix is None or each.startswith(prefix + ":"))

    def overlaid_with(self, other: LabelTables) -> LabelTables:
        """These tables, where each prefix that ``other`` has is taken from ``other`` alone."""
        kept = {key: term for key, term in self.terms.items() if term.prefix not in other.prefixes}
        return LabelTables(
            {**kept, **other.terms}, frozenset(self.complete - other.prefixes) | other.complete
        )


def read_table(path: Path) -> Iterator[Term]:
    """The terms of one table file, in its order.

    Raises:
        ContentError: The file cannot be read, or lacks a column.
    """
    with open_text(path) as stream:
        rows = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = [column for column in COLUMNS[:6] if column not in (rows.fieldnames or ())]
        if missing:
            raise ContentError(
                f"the table has no column {', '.join(missing)}",
                place=f"{path}:1",
                mend=f"the columns are {', '.join(COLUMNS[:6])}, separated by tabs",
            )
        for row in rows:
            if (row.get("label_kind") or "preferred") == "preferred":
                yield _term(row)


def read_tables(paths: Iterable[Path]) -> LabelTables:
    """The label tables of these files.

    Raises:
        ContentError: A file cannot be read.
    """
    terms: dict[str, Term] = {}
    complete: set[str] = set()
    partial: set[str] = set()
    for path in paths:
        table = {term.id: term for term in read_table(path)}
        terms.update(table)
        prefixes = {term.prefix for term in table.values()}
        stem = path.name.partition(".")[0]
        (partial if stem.endswith(PARTIAL_SUFFIXES) else complete).update(prefixes)
    return LabelTables(terms, frozenset(complete - partial))


def read_table_directory(directory: Path) -> LabelTables:
    """The label tables of every ``*.tsv.gz`` of a directory.

    Raises:
        ContentError: There is none, or one cannot be read.
    """
    paths = sorted(directory.glob("*.tsv.gz"))
    if not paths:
        raise ContentError(
            "no label table is there", place=str(directory), mend="give a directory with *.tsv.gz tables"
        )
    return read_tables(paths)


def write_table(path: Path, header: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Write rows as a gzipped, tab-separated file that is the same bytes each time."""
    lines = ["\t".join(header), *("\t".join(_cell(value) for value in row) for row in rows)]
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=9, mtime=0))


def write_terms(path: Path, terms: Iterable[Term]) -> None:
    """Write terms, sorted by identifier, in the layout that ``read_table`` reads."""
    write_table(
        path,
        COLUMNS,
        (
            (
                term.id,
                term.label,
                "|".join(term.synonyms),
                "|".join(term.parents),
                "true" if term.deprecated else "false",
                "|".join(term.replaced_by),
                term.definition or "",
            )
            for term in sorted(terms, key=lambda term: term.id)
        ),
    )


def _cell(value: str) -> str:
    return value.replace("\t", " ").replace("\n", " ").replace("\r", "")


def _term(row: Mapping[str, str | None]) -> Term:
    def listed(column: str) -> tuple[str, ...]:
        return tuple(part for part in (row.get(column) or "").split("|") if part)

    return Term(
        id=row["id"] or "",
        label=row["label"] or "",
        synonyms=listed("synonyms"),
        parents=listed("parents"),
        deprecated=row["deprecated"] == "true",
        replaced_by=listed("replaced_by"),
        definition=row.get("definition") or None,
    )
