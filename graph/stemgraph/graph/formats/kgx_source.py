"""Where KGX nodes and edges are: two files, a directory or an archive of them; plain or gzipped."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from stemgraph.graph.errors import FormatError
from stemgraph.graph.model import Record

_ENDINGS: Final = (".tsv", ".tsv.gz", ".jsonl", ".jsonl.gz")
_LONGEST_CELL: Final = 1 << 24

# A KGX column that may hold several values joined by a bar; of any other the text is taken whole.
_LISTS: Final = frozenset(
    (
        "category",
        "synonym",
        "same_as",
        "xref",
        "provided_by",
        "stemgraph_category",
        "qualifiers",
        "publications",
        "has_evidence",
        "refuting_publications",
    )
)


@dataclass(frozen=True, slots=True)
class KgxTable:
    """One of the two tables: a file, or a member of a zip archive."""

    path: Path
    member: str | None = None

    def place(self, line: int) -> str:
        """How errors name a line of it."""
        return f"{self.path}{f', {self.member}' if self.member else ''}, line {line}"

    def records(self) -> Iterator[tuple[int, Record]]:
        """Each record with its line; empty values are left out, lists are lists.

        Raises:
            FormatError: A line cannot be read.
        """
        name = (self.member or self.path.name).removesuffix(".gz")
        read = _json_records if name.endswith(".jsonl") else _tsv_records
        try:
            with ExitStack() as opened:
                yield from read(self, opened.enter_context(self._text(opened)))
        except (OSError, EOFError, UnicodeDecodeError, zipfile.BadZipFile, zlib.error) as error:
            raise FormatError(f"cannot be read: {error}", place=str(self.path)) from error

    def _text(self, opened: ExitStack) -> io.TextIOWrapper:
        if self.member is None:
            stream: IO[bytes] = opened.enter_context(self.path.open("rb"))
        else:
            archive = opened.enter_context(zipfile.ZipFile(self.path))
            stream = opened.enter_context(archive.open(self.member))
        if (self.member or self.path.name).endswith(".gz"):
            stream = cast("IO[bytes]", opened.enter_context(gzip.GzipFile(fileobj=stream)))
        return io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")


def find_kgx(path: Path) -> tuple[KgxTable, KgxTable]:
    """The tables of nodes and of edges in a directory, in a zip archive, or beside one of the two files.

    Raises:
        FormatError: There are not exactly two such tables.
    """
    if path.suffix == ".zip" and path.is_file():
        try:
            with zipfile.ZipFile(path) as archive:
                names = archive.namelist()
        except (OSError, zipfile.BadZipFile) as error:
            raise FormatError(f"is not a zip archive: {error}", place=str(path)) from error
        return KgxTable(path, _only(path, "nodes", names)), KgxTable(path, _only(path, "edges", names))
    if path.is_dir():
        names = [each.name for each in path.iterdir()]
        return KgxTable(path / _only(path, "nodes", names)), KgxTable(path / _only(path, "edges", names))
    for mine, other in (("nodes", "edges"), ("edges", "nodes")):
        head, found, tail = path.name.rpartition(mine)
        if found:
            beside = path.with_name(head + other + tail)
            tables = {mine: KgxTable(path), other: KgxTable(beside)}
            for table in tables.values():
                if not table.path.is_file():
                    raise FormatError("is missing", place=str(table.path), mend="KGX has nodes and edges")
            return tables["nodes"], tables["edges"]
    raise FormatError(
        "is neither a KGX nodes file nor an edges file",
        place=str(path),
        mend="name them …nodes.tsv and …edges.tsv, or give the directory that holds them",
    )


def _only(path: Path, kind: str, names: list[str]) -> str:
    found = [name for name in names if name.endswith(tuple(kind + ending for ending in _ENDINGS))]
    if len(found) != 1:
        count = f"{len(found)} files" if found else "no file"
        raise FormatError(
            f"has {count} of KGX {kind}", place=str(path), mend=f"give one …{kind}.tsv or …{kind}.jsonl"
        )
    return found[0]


def _tsv_records(table: KgxTable, text: io.TextIOWrapper) -> Iterator[tuple[int, Record]]:
    csv.field_size_limit(_LONGEST_CELL)
    lines = csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(lines, None)
    if header is None:
        raise FormatError("is empty", place=table.place(1), mend="KGX begins with the names of its columns")
    for line, cells in enumerate(lines, start=2):
        if len(cells) > len(header):
            raise FormatError(
                f"has {len(cells)} cells where the header has {len(header)}", place=table.place(line)
            )
        yield (
            line,
            {
                name: cell.split("|") if name in _LISTS else cell
                # Many KGX files leave out the empty cells at the end of a line.
                for name, cell in zip(header, cells, strict=False)
                if cell
            },
        )


def _json_records(table: KgxTable, text: io.TextIOWrapper) -> Iterator[tuple[int, Record]]:
    for line, content in enumerate(text, start=1):
        if not content.strip():
            continue
        try:
            record = json.loads(content)
        except ValueError as error:
            raise FormatError(f"is not JSON: {error}", place=table.place(line)) from error
        if not isinstance(record, dict):
            raise FormatError("is not a JSON object", place=table.place(line))
        stated = cast("Record", record)
        yield (
            line,
            {name: _shaped(name, value) for name, value in stated.items() if value not in (None, "", [])},
        )


def _shaped(name: str, value: object) -> object:
    """A JSON value as a list where KGX has lists, and alone where it has one value."""
    if isinstance(value, list):
        values = cast("list[object]", value)
        return values if name in _LISTS or len(values) != 1 or name == "evidence" else values[0]
    return [value] if name in _LISTS else value
