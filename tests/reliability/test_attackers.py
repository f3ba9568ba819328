"""The quick form of ``benchmarks/reliability/attackers.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.figure import Figure
from benchmarks.reliability import attackers

Hold = Callable[[Any], list[Figure]]


def test_six_attackers_hold_up_no_reader_and_no_honest_query(hold: Hold) -> None:
    hold(attackers)
