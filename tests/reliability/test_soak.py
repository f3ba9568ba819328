"""The quick form of ``benchmarks/reliability/soak.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.figure import Figure
from benchmarks.reliability import soak

Hold = Callable[[Any], list[Figure]]


def test_nothing_grows_while_workers_are_killed(hold: Hold) -> None:
    hold(soak)
