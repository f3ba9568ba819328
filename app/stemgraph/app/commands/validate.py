"""``stemgraph validate``: RDF and curated files against the shapes and the rules of the content."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from stemgraph.app.commands.console import TableFormat, print_rows, say, shown_progress
from stemgraph.graph.errors import FormatError

# ruff: noqa: PLC0415  # start-up time

Finding = tuple[str, str, str, str]
"""Place, rule, what is wrong, and the mend."""


def validate(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="RDF files, curated YAML files, or directories of curated content.",
            show_default=False,
            readable=False,
        ),
    ],
    chosen: Annotated[TableFormat, typer.Option("--format", help="How to print.")] = TableFormat.TABLE,
) -> None:
    """Hold RDF against the SHACL shapes, and curated YAML against the rules of the content.

    Fails when there is a finding.

    * `stemgraph validate my-associations.ttl`
    * `stemgraph validate curated/car-t-cell-products.yaml --format tsv`
    """
    findings: list[Finding] = []
    with shown_progress("Validating") as progress:
        for number, file in enumerate(files):
            progress(file.name, number / len(files))
            findings += _findings(file)
    if findings or chosen is not TableFormat.TABLE:
        print_rows(("place", "rule", "message", "mend"), findings, chosen, wrapped="message")
    noun = "finding" if len(findings) == 1 else "findings"
    say(f"{len(findings) or 'no'} {noun} in {', '.join(map(str, files))}")
    if findings:
        raise typer.Exit(1)


def _findings(file: Path) -> Iterator[Finding]:
    if not file.exists():
        raise FormatError("does not exist", place=str(file))
    if file.is_dir() or file.suffix in (".yaml", ".yml"):
        return _curated_findings(file)
    return _graph_findings(file)


def _graph_findings(file: Path) -> Iterator[Finding]:
    from stemgraph.graph.formats import read_dataset
    from stemgraph.ontology.validation import validate_graph

    for found in validate_graph(read_dataset(file)).violations:
        place = found.focus if found.path is None else f"{found.focus} {found.path}"
        yield f"{file}: {place}", found.rule, found.message, found.mend


def _curated_findings(file: Path) -> Iterator[Finding]:
    from stemgraph.ontology.curation import curation_problems

    if file.is_dir():
        if not any(file.glob("*/*.yaml")):
            raise FormatError(
                "holds no content", place=str(file), mend="name a directory with curated/*.yaml, or a file"
            )
        for problem in curation_problems(file):
            yield f"{file}/{problem.place}", "content", problem.message, problem.mend or ""
        return
    with tempfile.TemporaryDirectory(prefix="stemgraph-validate-") as temporary:
        name = _beside_our_entities(file, Path(temporary))
        for problem in curation_problems(Path(temporary)):
            # What cannot be read at all is named by its whole path.
            place = (problem.place or "").removeprefix(f"{temporary}/")
            if place.startswith(name):
                yield place.replace(name, str(file), 1), "content", problem.message, problem.mend or ""


def _beside_our_entities(file: Path, directory: Path) -> str:
    """Lay out a content directory of one file and the entities that it may name; the file's name in it."""
    from stemgraph.ontology.curation import content_directory

    shutil.copytree(content_directory() / "entities", directory / "entities")
    (directory / "curated").mkdir()
    text = file.read_text(encoding="utf-8", errors="replace")
    folder = "entities" if any(line.startswith("entities:") for line in text.splitlines()) else "curated"
    shutil.copyfile(file, directory / folder / file.with_suffix(".yaml").name)
    return f"{folder}/{file.with_suffix('.yaml').name}"
