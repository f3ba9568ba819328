from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]

TEXT = "Autologous HSCT treats relapsing-remitting multiple sclerosis. It does not cause GVHD. Is it so?"


def test_annotate_prints_each_name_with_its_place_and_id(run: Run, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    result = run("annotate", "text.txt", "--format", "tsv")
    assert result.exit_code == 0, result.output
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert rows[0][:4] == ["from", "to", "text", "id"]
    assert [row[3] for row in rows[1:]] == ["STEMGRAPH:autologous-hsct", "MONDO:0005314", "MONDO:0013730"]
    assert "3 names" in result.stderr


def test_annotate_reads_standard_input_and_one_category(run: Run) -> None:
    result = run("annotate", "-", "--category", "disease", "--format", "json", input=TEXT)
    assert [row["id"] for row in json.loads(result.stdout)] == ["MONDO:0005314", "MONDO:0013730"]


def test_check_prints_a_table_of_verdicts(run: Run) -> None:
    result = run("check", "-", input=TEXT)
    assert result.exit_code == 0, result.output
    lines = [line for line in result.stdout.splitlines() if line.strip()]
    assert lines[0].split() == ["sentence", "verdict", "claim", "because"]
    assert any("supported" in line and "NOT has adverse event" in line for line in lines)
    assert "it is a question" in result.stdout
    assert "3 sentences: 2 supported, 1 not a claim" in result.stderr


def test_check_prints_everything_as_tsv(run: Run) -> None:
    rows = [line.split("\t") for line in run("check", "-", "--format", "tsv", input=TEXT).stdout.splitlines()]
    assert rows[0] == ["sentence", "verdict", "claim", "hedge", "because", "evidence"]
    assert rows[1][3] == "established"
    assert "PMID:30644983" in rows[1][5]


def test_check_prints_the_library_s_record_as_json(run: Run) -> None:
    found = json.loads(run("check", "-", "--format", "json", input=TEXT).stdout)
    assert found["complete"] is True
    assert found["associations"]


def test_a_check_cut_short_fails_and_says_so(run: Run) -> None:
    result = run("check", "-", "--budget", "0.01", input=TEXT * 3000)
    assert result.exit_code == 1
    assert "not complete: the time budget ended at character" in result.stderr


def test_a_file_that_is_missing_or_no_text_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "image.png").write_bytes(b"\x89PNG\xff")
    for name, reason in (("nowhere.txt", "cannot be read"), ("image.png", "is not UTF-8")):
        for command in ("annotate", "check"):
            result = run(command, name)
            assert result.exit_code == 1
            assert name in result.stderr
            assert reason in result.stderr


def test_an_unknown_category_or_source_is_refused(run: Run) -> None:
    assert "'illness' is not a category" in run("annotate", "-", "--category", "illness", input="x").stderr
    assert "'newspaper' is not a source" in run("check", "-", "--without", "newspaper", input="x").stderr
