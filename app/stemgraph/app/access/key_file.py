"""``keys.json`` of a data directory: read again whenever it changes, replaced whole when it is written."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from stemgraph.app.access.key import Key, new_key
from stemgraph.graph.errors import BadRequestError, DataDirectoryError

NAME: Final = "keys.json"
FORMAT: Final = 1

Fingerprint = tuple[int, int, int]


class KeyFile:
    """The keys of one data directory; ``find`` sees what another process wrote a moment ago."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[Fingerprint | None, Mapping[str, Key]] = (None, {})

    @classmethod
    def of_data(cls, data: Path) -> KeyFile:
        """The key file of a data directory."""
        return cls(data / NAME)

    def find(self, identifier: str) -> Key | None:
        """The key of this id.

        Raises:
            DataDirectoryError: The file cannot be read, or is no key file.
        """
        return self.keys().get(identifier)

    def keys(self) -> Mapping[str, Key]:
        """All keys by id, the oldest first; a file that is not there holds none.

        Raises:
            DataDirectoryError: The file cannot be read, or is no key file.
        """
        try:
            found = self.path.stat()
            fingerprint = (found.st_mtime_ns, found.st_size, found.st_ino)
            if self._read[0] != fingerprint:
                self._read = (fingerprint, _parse(self.path.read_bytes(), self.path))
        except FileNotFoundError:
            self._read = (None, {})
        except OSError as error:
            raise DataDirectoryError(
                f"cannot be read: {error.strerror}", place=str(self.path), mend="check its permissions"
            ) from error
        return self._read[1]

    def create(self, label: str, scopes: frozenset[str], expires: datetime | None) -> tuple[Key, str]:
        """Make and keep a new key; the text that its holder sends is given back and kept nowhere.

        Raises:
            DataDirectoryError: The file cannot be read or written.
        """
        key, text = new_key(label, scopes, expires)
        self._change(lambda keys: {**keys, key.id: key})
        return key, text

    def revoke(self, identifier: str) -> Key:
        """Revoke a key, from now on; one that is revoked already stays as it is.

        Raises:
            DataDirectoryError: The file cannot be read or written.
            BadRequestError: There is no such key.
        """

        def revoked(keys: Mapping[str, Key]) -> Mapping[str, Key]:
            if identifier not in keys:
                raise BadRequestError(
                    f"there is no key '{identifier[:100]}'", place="ID", mend="see `stemgraph key list`"
                )
            now = datetime.now(UTC).replace(microsecond=0)
            key = keys[identifier]
            return {**keys, identifier: replace(key, revoked=key.revoked or now)}

        return self._change(revoked)[identifier]

    def _change(self, change: Callable[[Mapping[str, Key]], Mapping[str, Key]]) -> Mapping[str, Key]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with _alone(self.path.parent):
                keys = change(self.keys())
                _replace(self.path, keys)
        except OSError as error:
            raise DataDirectoryError(
                f"cannot be written: {error.strerror}",
                place=str(self.path),
                mend="check permissions and free space",
            ) from error
        return keys


def _parse(data: bytes, path: Path) -> Mapping[str, Key]:
    try:
        document: dict[str, Any] = json.loads(data)
        if document["format"] != FORMAT:
            raise DataDirectoryError(
                f"is of format {document['format']}, which this version does not know",
                place=str(path),
                mend="use the version of stemgraph that wrote it, or a later one",
            )
        keys = [Key.from_record(each) for each in document["keys"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        # What is wrong might quote what the file holds: it is not told.
        raise DataDirectoryError(
            "is no key file", place=str(path), mend="restore it, or remove it and make new keys"
        ) from None
    return {key.id: key for key in keys}


def _replace(path: Path, keys: Mapping[str, Key]) -> None:
    """Write the file beside its place and rename it: who reads sees the one or the other, whole."""
    document = {"format": FORMAT, "keys": [key.to_record() for key in keys.values()]}
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".keys-")  # it makes files of mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
            _give_to_owner(file.fileno(), path.parent)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    if os.name == "posix":
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _give_to_owner(descriptor: int, directory: Path) -> None:
    """What root writes into the directory of the service's user is that user's to read."""
    if os.name == "posix" and os.geteuid() == 0:
        owner = directory.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


@contextmanager
def _alone(directory: Path) -> Generator[None]:
    """Two commands at once take turns, so that neither loses the other's key."""
    if os.name != "posix":
        yield
        return
    import fcntl  # noqa: PLC0415  # only where it is

    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
