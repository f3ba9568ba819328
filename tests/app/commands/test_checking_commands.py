"""``validate``, ``idcheck``, ``build`` and ``doctor``."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]

RIGHT = "id\tlabel\nMONDO:0005301\tmultiple sclerosis\n"
WRONG = RIGHT + "CL:0000037\tT cell\nMONDO:9999999\tnothing\n"


def test_right_identifiers_pass(run: Run) -> None:
    result = run("idcheck", "-", input=RIGHT)
    assert result.exit_code == 0, result.output
    assert "1 checked: 1 exact" in result.stderr


def test_wrong_identifiers_fail_with_their_places(run: Run, tmp_path: Path) -> None:
    (tmp_path / "terms.tsv").write_text(WRONG)
    result = run("idcheck", "terms.tsv", "--format", "json")
    assert result.exit_code == 1
    found = [(each["id"], each["verdict"], each["place"]) for each in json.loads(result.stdout)]
    assert found == [
        ("CL:0000037", "differs", "terms.tsv:3"),
        ("MONDO:9999999", "unknown", "terms.tsv:4"),
    ]


def test_the_check_prints_tables_and_tsv_with_or_without_what_is_right(run: Run, tmp_path: Path) -> None:
    (tmp_path / "terms.tsv").write_text(WRONG)
    assert len(run("idcheck", "terms.tsv", "--format", "tsv").stdout.splitlines()) == 3
    assert len(run("idcheck", "terms.tsv", "--format", "tsv", "--all").stdout.splitlines()) == 4
    assert "differs" in run("idcheck", "terms.tsv").stdout


def test_a_valid_graph_passes_and_an_invalid_one_fails(run: Run, tmp_path: Path) -> None:
    base = "https://w3id.org/stemgraph"
    (tmp_path / "broken.ttl").write_text(f"<{base}/association/x> a <{base}/vocab/Association> .")
    (tmp_path / "empty.ttl").write_text("")
    assert run("validate", "empty.ttl").exit_code == 0
    result = run("validate", "broken.ttl", "--format", "json")
    assert result.exit_code == 1, result.output
    assert all(each["place"].startswith("broken.ttl: sga:x") for each in json.loads(result.stdout))
    assert "in broken.ttl" in result.stderr


def test_curated_files_are_held_against_the_rules(run: Run, tmp_path: Path) -> None:
    (tmp_path / "topic.yaml").write_text("topic: t\ntitle: T\nassociations:\n  - subject: CL:0000037\n")
    result = run("validate", "topic.yaml", "--format", "tsv")
    assert result.exit_code == 1
    assert "topic.yaml:4" in result.stdout


def test_the_bundle_is_built_where_it_is_wanted(run: Run, tmp_path: Path) -> None:
    result = run("build", "--output", "bundle")
    assert result.exit_code == 0, result.output
    assert sorted(each.name for each in (tmp_path / "bundle").iterdir()) == [
        "graph.nq.gz",
        "release.json",
        "tables.tar.xz",
    ]
    assert "digest" in result.stderr


def test_the_doctor_finds_everything_well(run: Run, small_data: Path) -> None:
    result = run("doctor", "--format", "json", "--port", "0")
    found = {each["check"]: each for each in json.loads(result.stdout)}
    assert result.exit_code == 0, result.output
    assert found["SPARQL worker"]["state"] == "ok"
    assert str(small_data) in found["data directory"]["found"]


def test_the_doctor_names_the_mend_of_what_is_broken(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data" / "releases").mkdir(parents=True)
    (tmp_path / "data" / "current").write_text("0123456789abcdef")
    result = run("doctor", "--data", str(tmp_path / "data"), "--format", "json")
    broken = next(each for each in json.loads(result.stdout) if each["check"] == "data directory")
    assert result.exit_code == 1
    assert broken["state"] == "fail"
    assert broken["mend"]


def test_a_curated_file_that_is_no_text_is_a_finding(run: Run, tmp_path: Path) -> None:
    (tmp_path / "topic.yaml").write_bytes(b"topic: \xff\n")
    result = run("validate", "topic.yaml", "--format", "tsv")
    assert result.exit_code == 1
    assert "topic.yaml\tcontent\tthe file is not UTF-8 text" in result.stdout


def test_the_doctor_finds_a_file_that_is_not_as_it_was_written(
    run: Run, small_data: Path, tmp_path: Path
) -> None:
    shutil.copytree(small_data, tmp_path / "data")
    (records,) = (tmp_path / "data").glob("releases/*/records/associations.jsonl")
    records.write_bytes(bytes(records.stat().st_size))
    result = run("doctor", "--data", str(tmp_path / "data"), "--format", "json")
    broken = next(each for each in json.loads(result.stdout) if each["check"] == "data directory")
    assert result.exit_code == 1
    assert "associations.jsonl: is not as it was written" in broken["found"]
    assert broken["mend"]
