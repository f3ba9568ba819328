"""Slow clients in hundreds: the quick form of ``benchmarks/reliability/slow_clients.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.figure import Figure
from benchmarks.reliability import slow_clients

Hold = Callable[[Any], list[Figure]]


def test_slow_clients_hold_up_nobody_and_a_stop_is_a_stop(hold: Hold) -> None:
    hold(slow_clients)
