"""The quick form of ``benchmarks/reliability/jail_tax.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.figure import Figure
from benchmarks.reliability import jail_tax

Hold = Callable[[Any], list[Figure]]


def test_the_jail_costs_little(hold: Hold) -> None:
    hold(jail_tax)
