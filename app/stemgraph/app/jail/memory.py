"""What processes take of the machine's memory, as /proc tells (Linux; elsewhere nothing is told)."""

from __future__ import annotations

import os
from pathlib import Path


def bytes_resident(process_id: int) -> int:
    """Memory of a process that is not shared with files; 0 where that is not told."""
    try:
        fields = Path(f"/proc/{process_id}/statm").read_text().split()
    except OSError:
        return 0
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE")


def bytes_proportional(process_id: int) -> int | None:
    """Memory of a process, each page by the number that share it; None where the process is gone."""
    try:
        lines = Path(f"/proc/{process_id}/smaps_rollup").read_bytes().splitlines()
    except PermissionError:  # another user's
        return bytes_resident(process_id)
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(b"Pss:")), None)
