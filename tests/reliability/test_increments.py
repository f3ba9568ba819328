"""Increments by many writers at once: the quick form."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from benchmarks.reliability import increments

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")


def test_increments(hold: Callable[[object], object]) -> None:
    hold(increments)
