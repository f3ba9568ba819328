"""Power cuts at random moments: the quick form."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from benchmarks.reliability import power_loss

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")


def test_power_loss(hold: Callable[[object], object]) -> None:
    hold(power_loss)
