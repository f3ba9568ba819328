"""Every route with every key: the quick form of ``benchmarks/reliability/permissions.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.figure import Figure
from benchmarks.reliability import permissions

Hold = Callable[[Any], list[Figure]]


def test_nobody_writes_without_the_scope_and_every_status_is_documented(hold: Hold) -> None:
    hold(permissions)
