"""The checks of ``stemgraph doctor``."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from stemgraph.app.commands.serve import bind
from stemgraph.app.jail import Jail, JailLimits
from stemgraph.app.jail.enforcement import Enforcement
from stemgraph.app.readiness import Check, jail_check, journal_check, keys_check, space_check
from stemgraph.graph.errors import BadRequestError, StemgraphError
from stemgraph.graph.release import DataDirectory, ReleaseDirectory, read_release
from stemgraph.ontology.bundle import bundle_directory

NEEDED: Final = ("pyoxigraph", "rdflib", "oxrdflib", "networkx", "tantivy", "orjson", "fastapi", "uvicorn")
QUICKER: Final = ("uvloop", "httptools")
EXTRAS: Final = {"pandas": "frames", "polars": "frames", "pyarrow": "frames", "pyshacl": "validate"}
_FEW_FILES: Final = 1024


def all_checks(data: Path, port: int) -> Iterator[Check]:
    """Every check, the most basic first."""
    yield Check("Python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield from _packages()
    yield _bundle()
    directory = DataDirectory(data)
    release, check = _release(directory)
    yield check
    if data.is_dir():
        yield from (_permissions(data), keys_check(data), journal_check(data))
    yield space_check(data)
    if release is not None:
        yield from _workers(release)
    yield from _limits()
    yield _port(port)


def _packages() -> Iterator[Check]:
    yield Check("stemgraph", "ok", version("stemgraph"))
    for name in NEEDED:
        found = _version(name)
        again = "install stemgraph again: pip install --force-reinstall stemgraph"
        yield Check(name, "ok", found) if found else Check(name, "fail", "not installed", again)
    for name in QUICKER:
        found = _version(name)
        mend = f"pip install {name}: the service is several times quicker with it"
        yield Check(name, "ok", found) if found else Check(name, "warn", "not installed", mend)
    for name, extra in EXTRAS.items():
        found = _version(name)
        mend = f"only if you want it: pip install 'stemgraph[{extra}]'"
        yield Check(name, "ok", found) if found else Check(name, "warn", "not installed", mend)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _bundle() -> Check:
    try:
        release = read_release(bundle_directory())
    except StemgraphError as error:
        return Check("bundle", "fail", str(error), "run `stemgraph build`, or install stemgraph again")
    return Check("bundle", "ok", f"release {release.number} of {release.date} ({release.id})")


def _release(directory: DataDirectory) -> tuple[ReleaseDirectory | None, Check]:
    name = "data directory"
    if directory.is_empty:
        nearest = next(
            (each for each in (directory.path, *directory.path.parents) if each.exists()), Path("/")
        )
        if not nearest.is_dir() or not os.access(nearest, os.W_OK):
            mend = "name another directory with --data or STEMGRAPH_DATA"
            return None, Check(name, "fail", f"{directory.path} cannot be made", mend)
        return None, Check(name, "ok", f"{directory.path} is empty: `stemgraph serve` fills it")
    try:
        release = directory.current()
        release.verify()
    except StemgraphError as error:
        mend = f"move {directory.path} away, or write another release's id into {directory.path / 'current'}"
        return None, Check(name, "fail", str(error), error.mend or mend)
    described = release.release
    found = f"{directory.path}: release {described.number} of {described.date} ({described.id})"
    return release, Check(name, "ok", f"{found}, {len(directory.releases())} in all")


def _workers(release: ReleaseDirectory) -> Iterator[Check]:
    begun = time.monotonic()

    async def trying() -> tuple[int, Enforcement]:
        jail = Jail(JailLimits(workers=1))
        await jail.start()
        try:
            return len(await jail.graphs(release.store)), jail.enforcement
        finally:
            await jail.stop()

    try:
        graphs, enforcement = asyncio.run(trying())
    except StemgraphError as error:
        yield Check("SPARQL worker", "fail", error.message, "remove the release and fill or load it again")
        return
    found = f"opened {graphs} graphs in {(time.monotonic() - begun) * 1000:.0f} ms"
    yield Check("SPARQL worker", "ok", found)
    yield jail_check(enforcement)


def _permissions(data: Path) -> Check:
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        mend = f"chown it to whom the service runs as, or serve a release of it read-only: {data}"
        return Check("permissions", "warn", "it cannot be written by this user", mend)
    if data.stat().st_mode & 0o002:
        return Check("permissions", "warn", "anyone on this machine may write to it", f"chmod o-w {data}")
    return Check("permissions", "ok", "this user may write to it, and no stranger")


def _limits() -> Iterator[Check]:
    if sys.platform == "win32":
        mend = "serve from Linux where queries come from people whom you do not know"
        yield Check("query limits", "warn", "Windows limits neither memory nor processor time", mend)
        return
    import resource  # noqa: PLC0415  # absent on Windows

    if sys.platform == "linux":
        yield Check("query limits", "ok", "memory, processor time and the end of the parent are enforced")
    else:
        yield Check("query limits", "warn", "a worker ends with the service by its closed pipe only")
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < _FEW_FILES:
        yield Check("open files", "warn", f"{soft} at most", "raise it: ulimit -n 4096")
    else:
        yield Check("open files", "ok", "unlimited" if soft < 0 else f"{soft} at most")


def _port(port: int) -> Check:
    try:
        bind("127.0.0.1", port).close()
    except BadRequestError as error:
        return Check("port", "warn", f"{port}: {error.message}", "choose another: stemgraph serve --port 0")
    return Check("port", "ok", f"{port} is free")
