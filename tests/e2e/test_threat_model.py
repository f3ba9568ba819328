"""The threat model names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (REPOSITORY / "THREAT_MODEL.md").read_text())


def test_many_promises_are_named_with_their_tests() -> None:
    assert len(set(NAMED)) > 30


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)))
def test_a_test_that_the_threat_model_names_exists(file: str, name: str) -> None:
    assert re.search(rf"(?m)^(?:async )?def {name}\(", (REPOSITORY / file).read_text())


def test_every_promise_has_a_test() -> None:
    rows = re.findall(r"(?m)^\| ([A-Z][^|]+) \| ([^|]+) \|$", (REPOSITORY / "THREAT_MODEL.md").read_text())
    promises = [(promise, shown) for promise, shown in rows if promise not in ("Who", "Promise")]
    assert len(promises) >= 15
    assert [promise for promise, shown in promises if "::test_" not in shown] == []
