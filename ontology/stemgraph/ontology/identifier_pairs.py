"""Pairs of identifier and label, read from the files that carry them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import pyoxigraph

from stemgraph.ontology.compressed import open_text, plain_suffix
from stemgraph.ontology.errors import ContentError
from stemgraph.ontology.identifiers import PREFIXES, normalise
from stemgraph.ontology.located_yaml import Located, read_yaml

_CURIE: Final = re.compile(r"[A-Za-z][\w.]*:[^\s:/][^\s]*")
_ID_COLUMNS: Final = ("id", "curie", "identifier")
_LABEL_COLUMNS: Final = ("label", "name", "preferred_term", "term")
_LABEL_PREDICATES: Final = frozenset({PREFIXES["rdfs"] + "label", PREFIXES["skos"] + "prefLabel"})
_RDF_FORMATS: Final = {
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".nq": pyoxigraph.RdfFormat.N_QUADS,
    ".trig": pyoxigraph.RdfFormat.TRIG,
    ".rdf": pyoxigraph.RdfFormat.RDF_XML,
    ".owl": pyoxigraph.RdfFormat.RDF_XML,
    ".xml": pyoxigraph.RdfFormat.RDF_XML,
    ".jsonld": pyoxigraph.RdfFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True)
class IdentifierPair:
    """An identifier, the label a file gives it, and where."""

    id: str
    label: str
    place: str = ""
    """``file:line``, or the file where its format has no lines to name."""


def read_pairs(path: Path | str) -> Iterator[IdentifierPair]:
    """The pairs of identifier and label in a CSV, TSV, YAML, KGX (TSV, JSON Lines) or RDF file.

    The format is told by the suffix, before a ``.gz``, ``.xz`` or ``.bz2``. In a table, ``id`` goes with
    ``label`` or ``name``, and ``subject_id`` with ``subject_label``, ``subject_name`` or ``subject``. In YAML
    and JSON Lines a mapping pairs ``id`` with ``label`` or ``name`` at any depth, and ``subject`` with
    ``subject_label``. In RDF, ``rdfs:label`` and ``skos:prefLabel`` count.

    Raises:
        ContentError: The file cannot be read or does not parse, its format is not one of these, or it
            holds no pair.
    """
    file = Path(path)
    suffix = plain_suffix(file)
    reader = _READERS.get(suffix)
    if reader is None:
        raise ContentError(
            f"the format '{suffix or file.name}' is not one that identifiers are read from",
            place=str(file),
            mend=f"give one of {', '.join(sorted(_READERS))}",
        )
    found = False
    for pair in reader(file):
        found = True
        yield pair
    if not found:
        raise ContentError(
            "no identifier with a label was found",
            place=str(file),
            mend="tables need the columns id and label (or name); mappings the keys id and label",
        )


def _table_pairs(path: Path) -> Iterator[IdentifierPair]:
    tabs = plain_suffix(path) == ".tsv"
    with open_text(path) as stream:
        lines = ((number, line) for number, line in enumerate(stream, start=1) if not line.startswith("#"))
        numbered = _Numbered(lines)
        rows = (
            csv.reader(numbered, delimiter="\t", quoting=csv.QUOTE_NONE)
            if tabs
            else csv.reader(numbered, strict=True)
        )
        try:
            columns = _paired_columns(next(rows, list[str]()))
            for row in rows:
                for identifier, label in columns:
                    if identifier < len(row) and label < len(row) and row[identifier]:
                        yield IdentifierPair(row[identifier], row[label], f"{path}:{numbered.line}")
        except csv.Error as problem:
            raise ContentError(
                f"the table does not parse: {problem}", place=f"{path}:{numbered.line}"
            ) from problem


class _Numbered:
    """Lines that remember how many lines of the file, comments included, were read."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self.line = 0

    def __iter__(self) -> Iterator[str]:
        for self.line, line in self._lines:  # noqa: B020 (the counter is the point)
            yield line


def _paired_columns(header: Sequence[str]) -> list[tuple[int, int]]:
    names = [name.strip().lower() for name in header]
    pairs: list[tuple[int, int]] = []
    for index, name in enumerate(names):
        wanted: Sequence[str] = ()
        if name in _ID_COLUMNS:
            wanted = (*_LABEL_COLUMNS, *(each for each in names if each.startswith("label")))
        elif name.endswith("_id"):
            stem = name.removesuffix("_id")
            wanted = (f"{stem}_label", f"{stem}_name", stem)
        label = next((names.index(each) for each in wanted if each in names), None)
        if label is not None:
            pairs.append((index, label))
    return pairs


def _yaml_pairs(path: Path) -> Iterator[IdentifierPair]:
    for located in read_yaml(path).walk():
        if isinstance(located.value, dict):
            yield from _mapping_pairs(located.value)


def _mapping_pairs(mapping: dict[str, Located]) -> Iterator[IdentifierPair]:
    for key, located in mapping.items():
        if not isinstance(located.value, str) or not _CURIE.fullmatch(located.value):
            continue
        labels = (
            _LABEL_COLUMNS if key in _ID_COLUMNS else (f"{key}_label", f"{key.removesuffix('_id')}_label")
        )
        label = next((mapping[each].value for each in labels if each in mapping), None)
        if isinstance(label, str):
            yield IdentifierPair(located.value, label.strip(), located.place)


def _json_lines_pairs(path: Path) -> Iterator[IdentifierPair]:
    with open_text(path) as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except json.JSONDecodeError as problem:
                raise ContentError(
                    f"the line is not JSON: {problem.msg}", place=f"{path}:{number}:{problem.colno}"
                ) from problem
            yield from _mapping_pairs(_located_record(record, f"{path}:{number}"))


def _located_record(record: object, place: str) -> dict[str, Located]:
    if not isinstance(record, dict):
        raise ContentError("each line must be one JSON object", place=place)
    fields = cast(dict[str, object], record)
    return {key: Located(value, place) for key, value in fields.items() if isinstance(value, str)}


def _rdf_pairs(path: Path) -> Iterator[IdentifierPair]:
    with open_text(path) as stream:
        text = stream.read()
    try:
        for quad in pyoxigraph.parse(text, format=_RDF_FORMATS[plain_suffix(path)]):
            if (
                isinstance(quad.subject, pyoxigraph.NamedNode)
                and quad.predicate.value in _LABEL_PREDICATES
                and isinstance(quad.object, pyoxigraph.Literal)
                and (quad.object.language or "en").startswith("en")
            ):
                yield IdentifierPair(normalise(quad.subject.value), quad.object.value, str(path))
    except (SyntaxError, ValueError) as problem:
        line = getattr(problem, "lineno", None)
        place = f"{path}:{line}" if line is not None else str(path)
        raise ContentError(f"the RDF does not parse: {problem}", place=place) from problem


_READERS: Final[dict[str, Callable[[Path], Iterator[IdentifierPair]]]] = {
    ".csv": _table_pairs,
    ".tsv": _table_pairs,
    ".yaml": _yaml_pairs,
    ".yml": _yaml_pairs,
    ".jsonl": _json_lines_pairs,
    **dict.fromkeys(_RDF_FORMATS, _rdf_pairs),
}
