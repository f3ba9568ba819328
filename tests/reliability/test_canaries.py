from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.reliability import canaries


def test_nothing_outside_is_reached_whatever_is_asked(hold: Callable[[Any], object]) -> None:
    hold(canaries)
