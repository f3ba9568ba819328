"""A power cut, simulated: what was not made durable by fsync is gone, whatever the kernel still knows of it.

``power_cut.c``, loaded into every process of a service, keeps a mirror of what is durable. The use::

    supply = PowerSupply(data)                              # all that is there now counts as durable
    service = start(data, environment=supply.environment)   # and writes, and acknowledges
    service.kill()
    loss = supply.cut()                                     # the directory is now what a power cut leaves
    service = start(data, environment=supply.environment)   # and must have every acknowledged write

A plain cut leaves exactly what is durable. A ragged one (``supply.cut(seed=7)``) leaves something between
that and what there was: of each change of a name either side (renaming within a directory happens whole or
not at all), of each file's added bytes a part, of each changed page either version: a disk has an order of
its own.
"""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SOURCE = Path(__file__).with_name("power_cut.c")
PAGE = 4096


@dataclass
class Loss:
    """What a power cut took."""

    names: list[str] = field(default_factory=list[str])
    """Paths within the directory that came, went or led elsewhere by it."""
    files: list[str] = field(default_factory=list[str])
    """Paths of files that are still there, with other bytes than before."""
    bytes: int = 0
    """By how much those files and the vanished ones were longer before."""


@dataclass(frozen=True)
class Entry:
    """A name in a directory: its kind (f, d, l or s), and the key of what it names (the target of a link)."""

    kind: str
    key: str


class PowerSupply:
    """Keeps account of what is durable in a directory, and can fail.

    Args:
        directory: The directory; not a mount point, for it is replaced by what a cut leaves.
        library: What ``compile_library`` gave; without it, it is compiled.
    """

    def __init__(self, directory: Path, library: Path | None = None) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory.resolve()
        self._mirror = Path(tempfile.mkdtemp(prefix="power-", dir=self.directory.parent))
        self._library_path = library or compile_library(self._mirror)
        self._library = ctypes.CDLL(str(self._library_path))
        self.begin()

    @property
    def environment(self) -> dict[str, str]:
        """What the processes that write there must have in their environment."""
        return {
            "LD_PRELOAD": str(self._library_path),
            "POWER_CUT_DIRECTORY": str(self.directory),
            "POWER_CUT_MIRROR": str(self._mirror),
        }

    def begin(self) -> None:
        """All that is there now counts as durable."""
        for name in ("files", "directories", "truncated", "drafts"):
            shutil.rmtree(self._mirror / name, ignore_errors=True)
            (self._mirror / name).mkdir()
        self._library.power_cut_record_tree(os.fsencode(self.directory), os.fsencode(self._mirror))

    def cut(self, seed: int | None = None) -> Loss:
        """Leave of the directory what a power cut leaves; every process that writes there has been killed.

        Args:
            seed: Makes the cut ragged, in the way that belongs to this number.
        """
        chance = None if seed is None else random.Random(seed)  # noqa: S311  # no secret
        before = self._mirror / "before"
        root = self._key(self.directory)
        self.directory.rename(before)
        rebuilding = _Rebuilding(self._mirror, self._key, chance)
        rebuilding.directory(root, before, self.directory, Path())
        shutil.rmtree(before)
        self.begin()
        return rebuilding.loss

    def close(self) -> None:
        """Remove the mirror."""
        shutil.rmtree(self._mirror, ignore_errors=True)

    def _key(self, path: Path) -> str:
        buffer = ctypes.create_string_buffer(64)
        if self._library.power_cut_key(os.fsencode(path), buffer) != 0:
            raise FileNotFoundError(path)
        return buffer.value.decode()


def compile_library(directory: Path) -> Path:
    """The library, compiled into a directory.

    Raises:
        subprocess.CalledProcessError: It does not compile.
    """
    library = directory / "power_cut.so"
    options = ["-O2", "-Wall", "-Wno-format-truncation", "-shared", "-fPIC"]
    command = ["gcc", *options, "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return library


class _Rebuilding:
    """Builds what a cut leaves, from the mirror and from what there was before."""

    def __init__(self, mirror: Path, key_of: Callable[[Path], str], chance: random.Random | None) -> None:
        self.loss = Loss()
        self._mirror = mirror
        self._key_of = key_of
        self._chance = chance
        self._made: dict[str, Path] = {}

    def directory(self, key: str, before: Path | None, target: Path, place: Path) -> None:
        """Build a directory; ``before`` is what it was, where it still was there."""
        target.mkdir()
        durable = self._durable(key)
        present = self._present(before)
        reached = _reached(durable, present, self._chance)
        for name in sorted(durable.keys() | present.keys()):
            old, new = durable.get(name), present.get(name)
            chosen = new if name in reached else old
            if chosen != new:
                self.loss.names.append(str(place / name))
            still = before / name if before is not None and new is not None and chosen == new else None
            if chosen is None:
                self.loss.bytes += _size(before / name) if before is not None and new is not None else 0
            elif chosen.kind == "d":
                self.directory(chosen.key, still, target / name, place / name)
            elif chosen.kind == "f":
                self._file(chosen.key, still, target / name, place / name)
            elif chosen.kind == "l":
                (target / name).symlink_to(chosen.key)
            else:
                os.mknod(target / name, stat.S_IFSOCK | 0o600)

    def _durable(self, key: str) -> dict[str, Entry]:
        recorded = self._mirror / "directories" / key
        if not recorded.exists():
            return {}
        parts = iter(os.fsdecode(recorded.read_bytes()).split("\0")[:-1])
        return {name: Entry(kind, child) for kind, child, name in zip(parts, parts, parts, strict=True)}

    def _present(self, before: Path | None) -> dict[str, Entry]:
        return dict(self._entries(before)) if before is not None else {}

    def _entries(self, before: Path) -> Iterator[tuple[str, Entry]]:
        for path in before.iterdir():
            if path.is_symlink():
                yield path.name, Entry("l", str(path.readlink()))
            else:
                kind = "d" if path.is_dir() else "f" if path.is_file() else "s"
                yield path.name, Entry(kind, self._key_of(path))

    def _file(self, key: str, before: Path | None, target: Path, place: Path) -> None:
        if key in self._made:
            os.link(self._made[key], target)
            return
        self._made[key] = target
        recorded = self._mirror / "files" / key
        source = recorded if recorded.exists() else before
        durable = recorded.read_bytes() if recorded.exists() else b""
        present = before.read_bytes() if before is not None else durable
        left = durable if self._chance is None else _ragged(durable, present, self._chance)
        target.write_bytes(left)
        if source is not None:
            target.chmod(stat.S_IMODE(source.stat().st_mode))
        if left != present:
            self.loss.files.append(str(place))
            self.loss.bytes += max(0, len(present) - len(left))


def _reached(
    durable: Mapping[str, Entry], present: Mapping[str, Entry], chance: random.Random | None
) -> set[str]:
    """The changed names of a directory whose change has reached the disk all the same."""
    if chance is None:
        return set()
    names = sorted(durable.keys() | present.keys())
    groups: list[tuple[set[str], set[Entry]]] = []
    for name in (each for each in names if durable.get(each) != present.get(each)):
        entries = {side[name] for side in (durable, present) if name in side}
        joined = [each for each in groups if not each[1].isdisjoint(entries)]
        groups = [each for each in groups if each not in joined]
        # What names the same file changes together: it is a renaming.
        groups.append(
            ({name}.union(*(each[0] for each in joined)), entries.union(*(each[1] for each in joined)))
        )
    return {name for each, _ in groups if chance.random() < 0.5 for name in each}


def _ragged(durable: bytes, present: bytes, chance: random.Random) -> bytes:
    """Something between two states of a file."""
    if durable == present or chance.random() < 0.25:
        return durable
    length = chance.randint(min(len(durable), len(present)), max(len(durable), len(present)))
    left = bytearray(present[:length] if len(present) >= length else durable[:length])
    for begin in range(0, min(len(durable), length), PAGE):
        end = min(begin + PAGE, len(durable), length)
        if durable[begin:end] != present[begin:end] and chance.random() < 0.5:
            left[begin:end] = durable[begin:end]
    return bytes(left)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() and not path.is_symlink() else 0
