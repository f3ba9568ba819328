"""A disk that is full: the quick form."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

import pytest
from benchmarks.reliability import disk_full


def may_mount() -> bool:
    """Whether this user may have a file system of its own."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    probe = ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return os.geteuid() == 0 or subprocess.run(probe, check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(not may_mount(), reason="no file system can be mounted here")
def test_disk_full(hold: Callable[[object], object]) -> None:
    hold(disk_full)
