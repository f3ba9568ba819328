"""Export to KGX: nodes and edges as TSV or JSON Lines, in one zip archive or as two files."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Final, cast

import orjson

from stemgraph.graph.formats.kgx_records import EDGE_COLUMNS, NODE_COLUMNS, edge_record, node_record
from stemgraph.graph.formats.selection import Selection
from stemgraph.graph.model import Record

Lines = Callable[[Iterable[Record], tuple[str, ...]], Iterator[bytes]]

_BREAKS: Final = re.compile(r"[\t\r\n]+")
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip member can have: the same selection gives the same bytes."""


def write_kgx_tsv(selection: Selection, stream: IO[bytes]) -> None:
    """A zip of ``nodes.tsv`` and ``edges.tsv``."""
    _write_archive(selection, stream, "tsv", _tsv_lines)


def write_kgx_jsonl(selection: Selection, stream: IO[bytes]) -> None:
    """A zip of ``nodes.jsonl`` and ``edges.jsonl``; each edge carries its evidence in full."""
    _write_archive(selection, stream, "jsonl", _json_lines)


def write_kgx_files(selection: Selection, directory: Path, *, json_lines: bool = False) -> tuple[Path, Path]:
    """Write the two files into a directory, and say where they are."""
    extension, lines = ("jsonl", _json_lines) if json_lines else ("tsv", _tsv_lines)
    directory.mkdir(parents=True, exist_ok=True)
    paths = directory / f"nodes.{extension}", directory / f"edges.{extension}"
    for path, (records, columns) in zip(paths, _tables(selection, lines), strict=True):
        with path.open("wb") as file:
            file.writelines(lines(records, columns))
    return paths


def _write_archive(selection: Selection, stream: IO[bytes], extension: str, lines: Lines) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (records, columns) in zip(("nodes", "edges"), _tables(selection, lines), strict=True):
            member = zipfile.ZipInfo(f"{name}.{extension}", _LONG_AGO)
            member.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(member, "w", force_zip64=True) as file:
                for line in lines(records, columns):
                    file.write(line)


def _tables(selection: Selection, lines: Lines) -> Iterator[tuple[Iterator[Record], tuple[str, ...]]]:
    yield map(node_record, selection.entities()), NODE_COLUMNS
    if lines is _json_lines:
        edges = (
            {**edge_record(each), "evidence": [evidence.to_record() for evidence in each.evidence]}
            for each in selection.associations()
        )
        yield edges, EDGE_COLUMNS
    else:
        yield map(edge_record, selection.associations()), EDGE_COLUMNS


def _tsv_lines(records: Iterable[Record], columns: tuple[str, ...]) -> Iterator[bytes]:
    yield "\t".join(columns).encode() + b"\n"
    for record in records:
        yield "\t".join(_cell(record[name]) for name in columns).encode() + b"\n"


def _json_lines(records: Iterable[Record], columns: tuple[str, ...]) -> Iterator[bytes]:
    for record in records:
        stated = {name: value for name, value in record.items() if value not in (None, [])}
        yield orjson.dumps(stated, option=orjson.OPT_APPEND_NEWLINE)


def _cell(value: object) -> str:
    """A cell as KGX reads it: lists joined by ``|``, no quoting, so no tabs or line breaks either."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            items = cast("list[str]", value)
            return "|".join(_BREAKS.sub(" ", each.replace("|", "/")) for each in items)
        case dict():
            return orjson.dumps(value).decode()
        case _:
            return _BREAKS.sub(" ", str(value))
