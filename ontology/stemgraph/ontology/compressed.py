"""Text files that may be compressed, opened by their last suffix."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO, cast

from stemgraph.ontology.errors import ContentError

_OPENERS: Final[dict[str, Callable[..., object]]] = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}


@contextmanager
def open_text(path: Path) -> Generator[TextIO]:
    """Open a text file for reading as UTF-8, through gzip, xz or bzip2 if its suffix says so.

    Raises:
        ContentError: The file is missing, cannot be read or decompressed, or is not UTF-8; also when
            that shows while the caller reads.
    """
    opener = _OPENERS.get(path.suffix, open)
    try:
        with cast(TextIO, opener(path, mode="rt", encoding="utf-8", newline="")) as stream:
            yield stream
    except FileNotFoundError as problem:
        raise ContentError("the file is not there", place=str(path), mend="check the path") from problem
    except UnicodeDecodeError as problem:
        raise ContentError(
            f"the file is not UTF-8 text (byte {problem.start})", place=str(path), mend="save it as UTF-8"
        ) from problem
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as problem:
        raise ContentError(f"the file cannot be read: {problem}", place=str(path)) from problem


def plain_suffix(path: Path) -> str:
    """The suffix that says the format, in lower case: ``.tsv`` for both ``a.tsv`` and ``a.tsv.gz``."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in _OPENERS:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""
