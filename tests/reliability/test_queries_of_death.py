"""The quick form of ``benchmarks/reliability/queries_of_death.py``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.figure import Figure
from benchmarks.reliability import queries_of_death

Hold = Callable[[Any], list[Figure]]


def test_every_query_of_death_ends_in_time_and_the_service_lives(hold: Hold) -> None:
    hold(queries_of_death)
