from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from stemgraph.app.commands.key import read_expiry
from stemgraph.graph.errors import BadRequestError

Run = Callable[..., Any]
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def test_a_key_is_made_listed_and_revoked(run: Run, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    made = run("key", "create", "--scope", "write", "--label", "curators", *data)
    assert made.exit_code == 0, made.output
    text = made.stdout.strip()
    identifier, secret = text.split("_", 2)[1:]
    assert secret not in made.stderr
    assert "allows read, write until" in made.stderr
    (listed,) = json.loads(run("key", "list", "--format", "json", *data).stdout)
    assert (listed["id"], listed["label"], listed["scopes"], listed["state"]) == (
        identifier, "curators", "write", "valid",
    )  # fmt: skip
    assert secret not in json.dumps(listed)
    assert run("key", "revoke", identifier, *data).exit_code == 0
    (listed,) = json.loads(run("key", "list", "--format", "json", *data).stdout)
    assert listed["state"] == "revoked"


def test_a_directory_that_has_only_keys_is_filled_like_an_empty_one(run: Run, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    run("key", "create", "--scope", "write", *data)
    small = Path(__file__).parent.parent.parent / "graph" / "fixtures" / "small.trig"
    loaded = run("load", str(small), *data)
    assert loaded.exit_code == 0, loaded.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("create", "--scope", "root"), "--scope: 'root' is not a scope"),
        (("create", "--scope", "write", "--expires", "soon"), "--expires: 'soon' is no time"),
        (("create", "--scope", "write", "--expires", "2001-01-01"), "'2001-01-01' has passed"),
        (("create", "--scope", "write", "--label", "a\nb"), "--label: it is not one short line"),
        (("revoke", "nonsense"), "ID: there is no key 'nonsense'"),
    ],
)
def test_what_cannot_be_is_one_line(run: Run, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    finished = run("key", *arguments, "--data", str(tmp_path / "data"))
    assert finished.exit_code == 1
    (line,) = finished.stderr.splitlines()
    assert told in line


@pytest.mark.parametrize(
    ("text", "expires"),
    [
        ("90d", NOW + timedelta(days=90)),
        ("12h", NOW + timedelta(hours=12)),
        ("5m", NOW + timedelta(minutes=5)),
        ("2027-01-31", datetime(2027, 1, 31, tzinfo=UTC)),
        ("2027-01-31T10:00:00+02:00", datetime(2027, 1, 31, 8, tzinfo=UTC)),
        ("never", None),
    ],
)
def test_a_time_is_a_span_a_day_a_moment_or_never(text: str, expires: datetime | None) -> None:
    assert read_expiry(text, NOW) == expires


@pytest.mark.parametrize("text", ["", "d", "-1d", "1y", "99999d99", "0d", "2026-02-30"])
def test_another_time_is_refused(text: str) -> None:
    with pytest.raises(BadRequestError):
        read_expiry(text, NOW)
