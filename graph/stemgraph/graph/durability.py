"""Getting what was written onto the disk: files and directories, before anything names them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def sync_file(path: Path) -> None:
    """Have the disk keep what a file holds."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_directory(path: Path) -> None:
    """Have the disk keep which names a directory holds; Windows keeps them itself."""
    if os.name != "nt":
        sync_file(path)


def sync_tree(path: Path) -> None:
    """Have the disk keep a directory with everything in it."""
    directories = [path]
    files: list[Path] = []
    for each in path.rglob("*"):
        if each.is_dir():
            directories.append(each)
        elif each.is_file():
            files.append(each)
    with ThreadPoolExecutor(4) as pool:  # the disk takes several at once
        for _ in pool.map(sync_file, files):
            pass
    for each in reversed(directories):
        sync_directory(each)


def write_whole(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Replace a file by one that is there whole or not at all; ``durable``: also after a power cut."""
    partial = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        partial.replace(path)
        if durable:
            sync_directory(path.parent)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
