from __future__ import annotations

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stemgraph.app.access.key import split_key
from stemgraph.app.access.key_file import KeyFile
from stemgraph.graph.errors import BadRequestError, DataDirectoryError

WRITE = frozenset({"write"})


def test_a_file_that_is_not_there_holds_no_keys(keys: KeyFile) -> None:
    assert keys.keys() == {}
    assert keys.find("0" * 12) is None


def test_a_secret_is_in_what_is_given_back_and_nowhere_else(keys: KeyFile) -> None:
    key, text = keys.create("curators", WRITE, None)
    split = split_key(text)
    assert split is not None
    assert split[0] == key.id
    assert len(split[1]) == 43  # 256 bits
    assert split[1] not in keys.path.read_text()
    assert split[1] not in repr(key)
    assert key.digest not in repr(key)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_its_owner_may_read_the_file(keys: KeyFile) -> None:
    keys.create("", WRITE, None)
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600
    keys.path.chmod(0o644)
    keys.create("", WRITE, None)
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600


def test_what_another_process_writes_is_seen_at_the_next_look(keys: KeyFile) -> None:
    other = KeyFile(keys.path)
    key, _ = keys.create("", WRITE, None)
    assert other.find(key.id) == key
    keys.revoke(key.id)
    found = other.find(key.id)
    assert found is not None
    assert found.state(datetime.now(UTC)) == "revoked"
    keys.path.unlink()
    assert other.find(key.id) is None


def test_a_key_is_kept_with_all_that_is_said_of_it(keys: KeyFile) -> None:
    expires = datetime(2030, 1, 31, tzinfo=UTC)
    key, _ = keys.create("für Ärztinnen", frozenset({"read", "update"}), expires)
    (record,) = json.loads(keys.path.read_text())["keys"]
    assert record["label"] == "für Ärztinnen"
    assert record["scopes"] == ["read", "update"]
    assert record["expires"] == "2030-01-31T00:00:00+00:00"
    assert record["revoked"] is None
    assert KeyFile(keys.path).find(key.id) == key


def test_a_key_expires_at_its_moment(keys: KeyFile) -> None:
    moment = datetime(2030, 1, 31, tzinfo=UTC)
    key, _ = keys.create("", WRITE, moment)
    assert key.state(moment - timedelta(seconds=1)) == "valid"
    assert key.state(moment) == "expired"


def test_revoking_twice_keeps_the_first_moment(keys: KeyFile) -> None:
    key, _ = keys.create("", WRITE, None)
    assert keys.revoke(key.id).revoked == keys.revoke(key.id).revoked


def test_an_unknown_key_cannot_be_revoked(keys: KeyFile) -> None:
    with pytest.raises(BadRequestError, match="there is no key 'nonsense'"):
        keys.revoke("nonsense")


def test_keys_made_at_once_are_all_kept(keys: KeyFile) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: KeyFile(keys.path).create("", WRITE, None)[0].id, range(24)))
    assert set(keys.keys()) == set(made)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"format": 1}', '{"format": 1, "keys": [{}]}', '{"format": 1, "keys": [7]}'],
)
def test_a_damaged_file_is_refused_without_being_quoted(keys: KeyFile, content: str) -> None:
    keys.path.parent.mkdir()
    keys.path.write_text(content)
    with pytest.raises(DataDirectoryError, match="is no key file") as refusal:
        keys.keys()
    assert refusal.value.place == str(keys.path)
    assert refusal.value.__cause__ is None


def test_a_file_of_a_later_format_is_refused(keys: KeyFile) -> None:
    keys.path.parent.mkdir()
    keys.path.write_text('{"format": 2, "keys": []}')
    with pytest.raises(DataDirectoryError, match="is of format 2"):
        keys.keys()


def test_a_failed_write_leaves_the_file_as_it_was(keys: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.create("", WRITE, None)
    before = keys.path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(DataDirectoryError, match="No space left on device"):
        keys.create("", WRITE, None)
    assert keys.path.read_bytes() == before
    assert [each.name for each in Path(keys.path.parent).iterdir()] == ["keys.json"]
