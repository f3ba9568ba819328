"""How several web processes of one service tell each other their figures.

A scrape reaches one of them. Each writes its figures to a file of its own every second; who is asked adds
those of the others to its own, so that counts of the others may be a second old. Files of processes that have
ended stay for what they counted: a counter never goes back.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import orjson

from stemgraph.app.telemetry.family import Family, added

SECONDS: Final = 1.0


class Exchange:
    """The figures of all processes.

    Args:
        directory: Where they are told; None where this process is the only one.
        own: Gives the figures of this process.
    """

    def __init__(self, directory: Path | None, own: Callable[[], list[Family]]) -> None:
        self._directory = directory
        self._own = own

    def families(self) -> list[Family]:
        """The figures of all processes together."""
        if self._directory is None:
            return self._own()
        living, ended = [self._own()], list[list[Family]]()
        for file in sorted(self._directory.glob("*.json")):
            identifier = int(file.stem)
            if identifier != os.getpid():
                told = [Family.from_record(each) for each in orjson.loads(file.read_bytes())]
                (living if _lives(identifier) else ended).append(told)
        return added(living, ended)

    async def keep_telling(self) -> None:
        """Tell the others, until it is cancelled."""
        while self._directory is not None:
            self.tell()
            await asyncio.sleep(SECONDS)

    def tell(self) -> None:
        """Tell the others the figures of this process."""
        if self._directory is None:
            return
        draft = self._directory / f"{os.getpid()}.draft"
        draft.write_bytes(orjson.dumps([each.to_record() for each in self._own()]))
        draft.replace(self._directory / f"{os.getpid()}.json")


def _lives(identifier: int) -> bool:
    try:
        os.kill(identifier, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
