from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from stemgraph.app import Settings, create_app
from stemgraph.app.jail.enforcement import Enforcement
from stemgraph.app.readiness import jail_check, journal_check, keys_check, space_check
from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.journal import Journal, JournalEntry
from stemgraph.graph.quad_diff import QuadDiff


def test_a_ready_service_tells_what_was_looked_at(client: TestClient, small_graph: KnowledgeGraph) -> None:
    answer = client.get("/readyz").json()
    assert answer["ready"] is True
    assert answer["edition"] == small_graph.edition.id
    assert {"graph", "workers", "jail"} <= {check["name"] for check in answer["checks"]}
    assert all(check["state"] in ("ok", "warn") for check in answer["checks"])


def test_a_service_that_is_not_ready_tells_what_is_missing(small_graph: KnowledgeGraph) -> None:
    app = FastAPI()
    app.mount("/kg", create_app(Settings(), knowledge_graph=small_graph))
    answer = TestClient(app).get("/kg/readyz")  # a mounted app's lifespan does not run
    assert answer.status_code == 503
    problem = answer.json()
    assert problem["place"] == "workers"
    assert problem["mend"]
    (failed,) = [check for check in problem["checks"] if check["state"] == "fail"]
    assert failed["found"] == "the query workers do not run"


def test_a_jail_that_holds_is_well_and_any_other_is_told_with_what_is_open() -> None:
    whole = Enforcement(seccomp=True, landlock=4, attempts={"open a socket": True})
    assert jail_check(whole).state == "ok"
    open_ = jail_check(Enforcement(attempts={"open a socket": False}))
    assert open_.state == "warn"
    assert "open a socket" in open_.found
    assert open_.mend


@pytest.mark.parametrize(("mode", "state"), [(0o600, "ok"), (0o400, "ok"), (0o644, "warn"), (0o660, "warn")])
def test_a_key_file_that_others_may_read_is_told(tmp_path: Path, mode: int, state: str) -> None:
    (tmp_path / "keys.json").touch()
    (tmp_path / "keys.json").chmod(mode)
    check = keys_check(tmp_path)
    assert check.state == state
    assert (check.mend != "") == (state == "warn")


def test_without_keys_and_edits_all_is_well(tmp_path: Path) -> None:
    assert keys_check(tmp_path).state == "ok"
    assert journal_check(tmp_path).found == "no edits"


def entry(sequence: int) -> JournalEntry:
    diff = QuadDiff(frozenset([f"<urn:{sequence}> <urn:p> <urn:o> ."]), frozenset())
    return JournalEntry(sequence, "2026-11-27T05:30:00Z", "k", "create", None, diff, "0" * 64, None, ())


def test_a_damaged_journal_is_told_with_its_mend(tmp_path: Path) -> None:
    file = tmp_path / "journal.jsonl"
    Journal(file).append([entry(1), entry(2), entry(3)])
    assert journal_check(tmp_path).found.startswith("3 edits, the last is 3")
    file.write_bytes(file.read_bytes().replace(b"urn:2", b"urn:9"))
    check = journal_check(tmp_path)
    assert check.state == "fail"
    assert "backup" in check.mend


def test_disk_space_is_told_of_the_nearest_directory_that_is_there(tmp_path: Path) -> None:
    assert "GB free" in space_check(tmp_path / "not" / "yet").found
