"""What the documentation shows is run: a page that is wrong fails here."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import REPOSITORY
from tests.e2e.conftest import Service
from tests.e2e.documents import Document, documents
from typer.main import get_command

from stemgraph.app.commands import application
from stemgraph.graph.formats import EXPORT_FORMATS

DOCUMENTS = documents(REPOSITORY)
ADDRESS = "http://127.0.0.1:8000"
PYTHON = [
    each
    for each in DOCUMENTS
    if each.path.name == "README.md" or each.path.parent.name in {"tutorial", "how-to", "explanation"}
]
CURL = [
    (document, command)
    for document in DOCUMENTS
    for command in document.commands
    if command.startswith("curl ") and ADDRESS in command
]
PREFIXES, *QUERIES = Document(REPOSITORY / "docs" / "how-to" / "ask-in-sparql.md").blocks("sparql")


def name_of(document: Document) -> str:
    return document.path.relative_to(REPOSITORY).as_posix()


def name_of_command(value: object) -> str:
    return name_of(value) if isinstance(value, Document) else " ".join(str(value).split())[5:75]


@pytest.mark.parametrize("document", [each for each in PYTHON if each.blocks("python")], ids=name_of)
def test_the_python_of_a_page_runs_from_top_to_bottom(
    document: Document,
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    session: dict[str, Any] = {"__name__": "__main__"}
    with warnings.catch_warnings():
        # A page leaves its graph open, as a reader at a prompt does.
        warnings.simplefilter("ignore", ResourceWarning)
        for number, block in enumerate(document.blocks("python"), start=1):
            exec(compile(block, f"{name_of(document)}, Python block {number}", "exec"), session)  # noqa: S102
    del session
    assert "Traceback" not in capsys.readouterr().out


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_of_the_sparql_page_finds_something(service: Service, query: str) -> None:
    assert service.select(PREFIXES + query) != []


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(("document", "command"), CURL, ids=name_of_command)
def test_every_curl_command_is_answered(service: Service, document: Document, command: str) -> None:
    words = shlex.split(command.replace(ADDRESS, service.url))
    status = ["--silent", "--output", "/dev/null", "--write-out", "%{http_code}", "--max-time", "20"]
    finished = subprocess.run([*words, *status], capture_output=True, text=True, check=False)
    assert finished.stdout == "200", (finished.stdout, finished.stderr)


def typed_commands(program: str) -> Iterator[tuple[Document, str]]:
    """What is typed for a program in console blocks, and named in the prose."""
    for document in DOCUMENTS:
        for command in document.commands:
            if command.startswith(program + " "):
                yield document, command
        for command in re.findall(r"`(" + program + r" [^`]+)`", document.prose):
            yield document, command


@pytest.mark.parametrize(
    ("document", "command"),
    [pair for pair in typed_commands("stemgraph") if "COMMAND" not in pair[1] and "[" not in pair[1]],
    ids=name_of_command,
)
def test_every_stemgraph_command_has_the_options_that_it_is_shown_with(
    document: Document, command: str
) -> None:
    typed = re.split(r" (?:>|\||#) ?", command)[0]
    root: Any = get_command(application)
    context = root.make_context("stemgraph", [], resilient_parsing=True)
    _, name, *arguments = shlex.split(typed)
    wanted = root.get_command(context, name)
    assert wanted is not None, name
    # Prose may name a command without what it needs.
    wanted.make_context(name, arguments, parent=context, resilient_parsing=not arguments)


@pytest.mark.parametrize(("document", "command"), [*typed_commands("make")], ids=name_of_command)
def test_every_make_command_has_a_target(document: Document, command: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(), flags=re.MULTILINE))
    named = [word for word in command.split()[1:] if "=" not in word]
    assert set(named) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_relative_link_leads_to_a_file_and_its_heading(document: Document) -> None:
    missing: list[str] = []
    for link in document.links:
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        path = (document.path.parent / target).resolve() if target else document.path
        if not path.exists() or (anchor and anchor not in Document(path).anchors):
            missing.append(link)
    assert missing == []


def test_every_page_is_reached_from_the_index() -> None:
    directory = REPOSITORY / "docs"
    index = Document(directory / "index.md")
    reached = {(directory / link.partition("#")[0]).resolve() for link in index.links}
    pages = {each.path for each in DOCUMENTS if each.path.is_relative_to(directory)} - {index.path}
    assert {page for page in pages if page not in reached and page.parent not in reached} == set()


def test_the_example_of_curation_is_valid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = Document(REPOSITORY / "docs" / "how-to" / "curate-a-fact.md")
    (content,) = page.blocks("yaml")
    file = tmp_path / "my-topic.yaml"
    file.write_text(content, encoding="utf-8")
    for command in ("validate", "idcheck"):
        assert f"stemgraph {command} {file.name}" in page.commands
        application([command, str(file)], standalone_mode=False)
    assert "no findings" in capsys.readouterr().err


def test_every_path_of_the_source_that_is_named_exists() -> None:
    named = {
        (name_of(document), path)
        for document in DOCUMENTS
        if "adr" not in document.path.parts
        for path in re.findall(r"`((?:app|graph|ontology|tests|docs)/[\w./-]+)`", document.prose)
    }
    assert {(where, path) for where, path in named if not (REPOSITORY / path).exists()} == set()


def test_every_format_that_is_named_can_be_written() -> None:
    named = {
        found
        for document in DOCUMENTS
        for command in document.commands
        if "stemgraph export" in command
        for found in re.findall(r"--format ([\w-]+)", command)
    }
    assert named <= set(EXPORT_FORMATS)
