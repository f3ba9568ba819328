"""Reads while writing: the quick form."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from benchmarks.reliability import generations

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")


def test_generations(hold: Callable[[object], object]) -> None:
    hold(generations)
