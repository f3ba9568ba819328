"""The file of a release's statements: canonical N-Quads, gzipped."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.release import Release

STATEMENTS: Final = "graph.nq.gz"
"""Its name in a source or release directory."""

_FETCH_AGAIN: Final = "build or fetch the release again"
_CHUNK: Final = 1 << 20


def decompressed(path: Path) -> Iterator[bytes]:
    """The text of a gzip file in chunks; raises DataDirectoryError where it is not whole."""
    # zlib itself, for the gzip module checks and copies each chunk once more.
    decompressor = zlib.decompressobj(wbits=31)
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK // 8):
                yield decompressor.decompress(chunk)
            yield decompressor.flush()
        except zlib.error as error:
            raise DataDirectoryError(
                f"is not a whole gzip file: {error}", place=str(path), mend=_FETCH_AGAIN
            ) from error


def text_of(path: Path, release: Release) -> Iterator[str]:
    """The text, cut at line ends.

    Raises:
        DataDirectoryError: The file is damaged, or has another digest than the release; told at the end.
    """
    digest = hashlib.sha256()
    rest = b""
    try:
        for chunk in decompressed(path):
            digest.update(chunk)
            data = rest + chunk
            end = data.rfind(b"\n") + 1
            if end:
                yield data[:end].decode()
            rest = data[end:]
        if rest:
            yield rest.decode()
    except UnicodeDecodeError as error:
        raise DataDirectoryError("is not UTF-8", place=str(path), mend=_FETCH_AGAIN) from error
    _check(digest.hexdigest(), path, release)


def size_of(path: Path) -> int:
    """Bytes of the text, as the file says at its end."""
    with path.open("rb") as file:
        file.seek(-min(4, path.stat().st_size), os.SEEK_END)
        return int.from_bytes(file.read(4), "little")


def split(path: Path, release: Release, *, most: int) -> Iterator[Path]:
    """Decompress into files beside it of about equal size, two or more of whole lines each.

    Args:
        path: The file.
        release: Whose statements it should hold.
        most: Bytes that each may have, but for its last line.

    Raises:
        DataDirectoryError: The file is damaged, or has another digest than the release; told at the end.
    """
    size = size_of(path)
    count = max(2, -(-size // most))
    digest = hashlib.sha256()
    chunks = decompressed(path)
    left = b""
    for number in range(1, count + 1):
        part = path.with_name(f"part-{number}.nq")
        written = 0
        with part.open("wb") as file:
            while chunk := left or next(chunks, b""):
                digest.update(b"" if left else chunk)
                left = b""
                newline = chunk.rfind(b"\n") + 1
                if number < count and newline and written + newline >= size / count:
                    file.write(chunk[:newline])
                    left = chunk[newline:]
                    break
                written += file.write(chunk)
        yield part
    _check(digest.hexdigest(), path, release)


def _check(digest: str, path: Path, release: Release) -> None:
    if digest != release.digest:
        raise DataDirectoryError(
            "does not have the digest that release.json gives", place=str(path), mend=_FETCH_AGAIN
        )
