"""Integer columns and CSR indexes of a release, memory-mapped and read without numpy.

They are ``.npy`` files, so numpy maps them too; but opening a release and answering a page of one entity's
associations must not wait for numpy's import.
"""

from __future__ import annotations

import ast
import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from stemgraph.graph.errors import DataDirectoryError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAGIC: Final = b"\x93NUMPY"
Width = Literal["i", "q", "b"]
_WIDTHS: Final[dict[str, Width]] = {"<i4": "i", "<i8": "q", "|b1": "b"}


def map_file(path: Path) -> mmap.mmap | bytes:
    """The read-only bytes of a file, shared between processes; an empty file gives empty bytes.

    Raises:
        DataDirectoryError: The file is missing or cannot be read.
    """
    try:
        with path.open("rb") as file:
            if path.stat().st_size == 0:
                return b""
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError as error:
        raise DataDirectoryError(
            f"cannot be read: {error.strerror}", place=str(path), mend="compile the release again"
        ) from error


class Column:
    """One array of integers: ``column[row]`` is a Python int; ``.array`` is the same memory in numpy."""

    __slots__ = ("values",)

    values: memoryview[int]

    def __init__(self, path: Path) -> None:
        memory = map_file(path)
        if memory[:6] != _MAGIC:
            raise DataDirectoryError("is not an array", place=str(path), mend="compile the release again")
        length = int.from_bytes(memory[8:10], "little")
        header: dict[str, Any] = ast.literal_eval(memory[10 : 10 + length].decode("latin-1"))
        self.values = memoryview(memory)[10 + length :].cast(_WIDTHS[header["descr"]])
        if len(self.values) != header["shape"][0]:
            raise DataDirectoryError("is cut short", place=str(path), mend="compile the release again")

    @classmethod
    def of(cls, values: NDArray[Any]) -> Self:
        """The column of an array in memory; booleans are kept as bytes, as in a file."""
        column = cls.__new__(cls)
        kept = values.view("b") if values.dtype.kind == "b" else values
        column.values = kept.data
        return column

    def __getitem__(self, row: int) -> int:
        return self.values[row]

    def __len__(self) -> int:
        return len(self.values)

    @property
    def array(self) -> NDArray[Any]:
        """The column as a read-only numpy array over the same memory."""
        import numpy as np  # noqa: PLC0415  # 0.1 s that an entity lookup need not pay

        return np.asarray(self.values)


class Grouping:
    """Rows grouped by a key: ``grouping[key]`` are the rows of that key in ascending order (CSR)."""

    __slots__ = ("_offsets", "_rows")

    def __init__(self, directory: Path, name: str) -> None:
        self._offsets = Column(directory / f"{name}.offsets.npy")
        self._rows = Column(directory / f"{name}.rows.npy")

    @classmethod
    def of(cls, keys: NDArray[Any], count: int) -> Self:
        """The rows of each key from 0 to ``count``, where ``keys`` holds one key a row."""
        grouping = cls.__new__(cls)
        grouping._offsets, grouping._rows = map(Column.of, _grouped(keys, count))
        return grouping

    def __getitem__(self, key: int) -> Sequence[int]:
        return self._rows.values[self._offsets[key] : self._offsets[key + 1]]

    def __len__(self) -> int:
        return len(self._offsets) - 1


def write_column(path: Path, values: NDArray[Any]) -> None:
    """Write 32-bit or 64-bit integers or booleans as a ``.npy`` column, little-endian."""
    import numpy as np  # noqa: PLC0415  # see Column.array

    np.save(path, values.astype(values.dtype.newbyteorder("<"), copy=False), allow_pickle=False)


def write_grouping(directory: Path, name: str, keys: NDArray[Any], count: int) -> None:
    """Write the rows of each key from 0 to ``count``, where ``keys`` holds one key a row."""
    offsets, rows = _grouped(keys, count)
    write_column(directory / f"{name}.offsets.npy", offsets)
    write_column(directory / f"{name}.rows.npy", rows)


def _grouped(keys: NDArray[Any], count: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where the rows of each key begin, and the rows by key."""
    import numpy as np  # noqa: PLC0415  # see Column.array

    offsets = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(keys, minlength=count), out=offsets[1:])
    return offsets, np.argsort(keys, kind="stable").astype(np.int32)
