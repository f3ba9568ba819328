"""Kill -9 at random moments: the quick form."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from benchmarks.reliability import crashes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")


def test_crashes(hold: Callable[[object], object]) -> None:
    hold(crashes)
