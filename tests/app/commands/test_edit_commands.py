"""``release publish --edits``, ``load``, ``backup`` and ``restore`` on a directory with an edit."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.app.commands.conftest import SMALL

from stemgraph.app.writer.commit import Committer, Write
from stemgraph.graph import DataDirectory, KnowledgeGraph
from stemgraph.graph.journal import NAME

Run = Callable[..., Any]
EDIT = (
    '<https://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "edited" <https://example.org/g> .'
)
ASKED = "ASK { <https://example.org/a> ?p ?o }"


@pytest.fixture
def data(run: Run, tmp_path: Path) -> Path:
    """A data directory with one release and one edit."""
    directory = tmp_path / "data"
    assert run("load", str(SMALL), "--data", str(directory)).exit_code == 0
    committer = Committer(directory)
    committer.start()
    committer.commit([Write("one", "diff", {"added": [EDIT]}, None, "test", None)])
    committer.close()
    return directory


def holds_edit(data: Path) -> bool:
    with KnowledgeGraph.open(data) as graph:
        return bool(graph.sparql(ASKED))


def test_edits_become_the_next_release(run: Run, data: Path) -> None:
    result = run("release", "publish", "--edits", "--data", str(data))
    assert result.exit_code == 0, result.output
    current = DataDirectory(data).current().release
    assert (current.number, current.sequence) == (2, 1)
    assert holds_edit(data)
    again = run("release", "publish", "--edits", "--data", str(data))
    assert again.exit_code == 1
    assert "nothing has been edited since release 2" in again.stderr


def test_edits_are_read_where_only_the_journal_has_them(run: Run, data: Path) -> None:
    shutil.rmtree(data / "editions")
    shutil.rmtree(data / "working")
    assert run("query", ASKED, "--data", str(data)).stdout == "yes\n"


def test_what_is_loaded_stands_beside_the_edits(run: Run, data: Path, tmp_path: Path) -> None:
    (tmp_path / "more.nt").write_text(
        "<https://example.org/b> <https://example.org/p> <https://example.org/c> ."
    )
    result = run("load", str(tmp_path / "more.nt"), "--data", str(data))
    assert result.exit_code == 0, result.output
    assert DataDirectory(data).current().release.sequence == 1
    assert holds_edit(data)


@pytest.mark.parametrize("command", [["load", "--replace"], ["release", "publish"]])
def test_other_content_takes_the_place_of_edits_only_where_it_is_said(
    run: Run, data: Path, command: list[str]
) -> None:
    arguments = [*command, str(SMALL), "--data", str(data)]
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert "1 edits since release 1 are in no release (publish them first" in refused.stderr
    assert run(*arguments, "--discard-edits").exit_code == 0
    assert DataDirectory(data).current().release.sequence == 1
    assert not holds_edit(data)


def test_a_backup_is_restored(run: Run, data: Path, tmp_path: Path) -> None:
    made = run("backup", str(tmp_path / "backup"), "--data", str(data))
    assert made.exit_code == 0, made.output
    assert "with every edit up to 1" in made.stderr
    restored = run("restore", str(tmp_path / "backup"), "--data", str(tmp_path / "restored"))
    assert restored.exit_code == 0, restored.output
    assert (tmp_path / "restored" / NAME).read_bytes() == (data / NAME).read_bytes()


def test_a_damaged_journal_is_told_before_serving(run: Run, data: Path) -> None:
    (data / NAME).write_bytes(b"nothing\n" + (data / NAME).read_bytes())
    result = run("serve", "--writable", "--port", "0", "--data", str(data))
    assert result.exit_code == 1
    assert "journal.jsonl, line 1 (byte 0): a line is damaged" in result.stderr
