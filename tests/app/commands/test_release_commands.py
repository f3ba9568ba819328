"""``release publish``, ``list`` and ``diff`` on the small graph."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from tests.app.commands.conftest import SMALL, current_release
from tests.releases import ADDED, AXIOM, SCLEROSIS, TREATED, second_quads

from stemgraph.app.commands import data_directory

Run = Callable[..., Any]


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """A file of the second release."""
    file = tmp_path / "second.nq"
    file.write_bytes(ox.serialize(second_quads(), format=ox.RdfFormat.N_QUADS) or b"")
    return file


@pytest.fixture
def publish(run: Run, tmp_path: Path) -> Run:
    """Publish into a data directory of the test's own."""
    return lambda *arguments: run("release", "publish", *arguments, "--data", str(tmp_path / "data"))


def test_files_become_the_next_release(run: Run, publish: Run, second: Path, tmp_path: Path) -> None:
    assert publish(str(SMALL)).exit_code == 0
    result = publish(str(second))
    assert result.exit_code == 0
    assert "release 2 " in result.stderr
    listed = json.loads(run("release", "list", "--data", str(tmp_path / "data"), "--format", "json").stdout)
    assert [(each["release"], each["served"]) for each in listed] == [("2", "current"), ("1", "")]
    assert listed[0]["id"] == current_release(tmp_path / "data")


def test_a_diff_prints_each_change(run: Run, publish: Run, second: Path, tmp_path: Path) -> None:
    publish(str(SMALL))
    publish(str(second))
    data = ("--data", str(tmp_path / "data"))
    rows = [
        line.split("\t") for line in run("release", "diff", "1", "--format", "tsv", *data).stdout.splitlines()
    ]
    assert [(change, identifier) for change, _, identifier, *_ in rows[1:]] == [
        ("added", ADDED),
        ("removed", AXIOM),
        ("changed", TREATED),
        ("changed", SCLEROSIS),
    ]
    (changed,) = json.loads(
        run(
            "release",
            "diff",
            "1",
            "2",
            "--kind",
            "association",
            "--change",
            "changed",
            "--format",
            "json",
            *data,
        ).stdout
    )
    assert changed["fields"] == [
        {"field": "status", "before": "guideline_supported", "after": "standard_of_care"}
    ]
    assert "status" in run("release", "diff", "1", "2", *data).stdout


def test_the_same_content_makes_no_release(publish: Run, tmp_path: Path) -> None:
    publish(str(SMALL))
    before = current_release(tmp_path / "data")
    result = publish(str(SMALL))
    assert "nothing new was made" in result.stderr
    assert current_release(tmp_path / "data") == before


def test_without_files_the_content_of_the_package_is_published(
    publish: Run, second: Path, small_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bundle,) = (small_data / "releases").iterdir()
    monkeypatch.setattr(data_directory, "bundle_directory", lambda: bundle)
    assert publish().exit_code == 0
    assert current_release(tmp_path / "data") == bundle.name
    assert publish(str(second)).exit_code == 0
    assert "release 1 says exactly this" in publish().stderr


def test_what_cannot_be_published_is_told_in_one_line(publish: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.ttl").write_text("<a> <b> .")
    result = publish("broken.ttl")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 2
    assert "line 1" in result.stderr
    assert publish(str(SMALL), "--content", str(tmp_path)).exit_code == 2
    assert publish("--content", str(tmp_path)).exit_code == 1


def test_an_unknown_release_is_told_with_those_there_are(run: Run) -> None:
    result = run("release", "diff", "7")
    assert result.exit_code == 1
    assert "there is no release '7' (ask for one of: 1 (" in result.stderr


def test_a_directory_of_something_else_is_left_alone(publish: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "thesis.docx").touch()
    result = publish(str(SMALL))
    assert result.exit_code == 1
    assert "thesis.docx" in result.stderr
