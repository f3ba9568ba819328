"""The canonical statements of a whole graph: a release's own file, and what was edited since."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, Final, cast

from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.quad_diff import QuadDiff

_PIECE: Final = 1 << 18
_LAST: Final = b"\xff"
"""What comes after every line."""


@dataclass(frozen=True, slots=True)
class Statements:
    """Where they are, and what is to be added and left out."""

    file: Path
    """Canonical N-Quads, gzipped where its name ends in ``.gz``."""
    diff: QuadDiff | None = None

    def open(self) -> IO[bytes]:
        """The lines, in canonical order; close it when they are read.

        Raises:
            DataDirectoryError: The file cannot be read.
        """
        opened = gzip.open if self.file.suffix == ".gz" else open
        try:
            lines = cast("IO[bytes]", opened(self.file, "rb"))
        except OSError as error:
            raise DataDirectoryError(
                f"cannot be read: {error.strerror}", place=str(self.file), mend="compile the release again"
            ) from error
        return cast("IO[bytes]", io.BufferedReader(_Pieces(lines, self.diff), _PIECE)) if self.diff else lines


class _Pieces(io.RawIOBase):
    def __init__(self, lines: IO[bytes], diff: QuadDiff) -> None:
        super().__init__()
        self._lines = lines
        self._merged = _merged(lines, diff)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        room = memoryview(cast("bytearray", buffer)).cast("B")
        pieces, size = [self._rest], len(self._rest)
        while size < len(room) and (line := next(self._merged, b"")):
            pieces.append(line)
            size += len(line)
        data = b"".join(pieces)
        given, self._rest = data[: len(room)], data[len(room) :]
        room[: len(given)] = given
        return len(given)

    def close(self) -> None:
        self._lines.close()
        super().close()


def _merged(lines: Iterable[bytes], diff: QuadDiff) -> Iterator[bytes]:
    removed = {f"{line}\n".encode() for line in diff.removed}
    added = chain(sorted(f"{line}\n".encode() for line in diff.added), [_LAST])
    coming = next(added)
    for line in lines:
        while coming < line:
            yield coming
            coming = next(added)
        # What is stated already is not stated twice.
        if line not in removed and line != coming:
            yield line
    while coming != _LAST:
        yield coming
        coming = next(added)
