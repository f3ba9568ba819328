"""What the service needs to answer, looked at one by one: for ``/readyz`` and for ``stemgraph doctor``."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from stemgraph.app.errors import UnavailableError
from stemgraph.graph.errors import StemgraphError
from stemgraph.graph.journal import Journal

if TYPE_CHECKING:
    from stemgraph.app.jail.enforcement import Enforcement
    from stemgraph.app.service import Service

State = Literal["ok", "warn", "fail"]

_LITTLE_SPACE: Final = 500_000_000
_PRIVATE: Final = 0o077


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and what to do about it."""

    name: str
    state: State
    found: str
    mend: str = ""

    def to_record(self) -> dict[str, Any]:
        """A JSON object."""
        return asdict(self)


class NotReadyError(UnavailableError):
    """The service cannot answer yet, or no more; ``checks`` say what is missing."""

    def __init__(self, checks: list[Check]) -> None:
        failed = [check for check in checks if check.state == "fail"]
        super().__init__(
            "; ".join(f"{check.name}: {check.found}" for check in failed),
            place=failed[0].name,
            mend=failed[0].mend,
        )
        self.checks = [check.to_record() for check in checks]


def service_checks(service: Service) -> list[Check]:
    """What a running service needs: where one fails it cannot answer, where one warns something is off."""
    instance = service.instance
    checks = [_graph(service), _workers(service)]
    if instance.ready:
        checks.append(jail_check(instance.jail.enforcement))
    data = instance.settings.data
    if instance.settings.writes and data is not None:
        checks += [_writer(service), *_journal_size(data)]
    if data is not None:
        checks.append(space_check(data))
    return checks


def _graph(service: Service) -> Check:
    release = service.graph.release
    return Check("graph", "ok", f"release {release.number} of {release.date}, edition {service.edition_id}")


def _workers(service: Service) -> Check:
    name, mend = "workers", "wait; where stemgraph is embedded, run its lifespan"
    if not service.ready:
        return Check(name, "fail", "the query workers do not run", mend)
    running = len(service.instance.jail.process_ids)
    if not running:
        return Check(name, "fail", "no query worker lives", "wait for the next one; the log says why")
    place = "memory" if service.instance.jail.holding.answers_from_memory else "disk"
    return Check(name, "ok", f"{running} worker processes; queries are answered from {place}")


def jail_check(enforcement: Enforcement) -> Check:
    """What holds the workers, by their own attempts."""
    if enforcement.complete:
        return Check("jail", "ok", enforcement.sentence())
    mend = "serve from Linux 5.13 or later with seccomp and Landlock where queries come from strangers"
    return Check("jail", "warn", enforcement.sentence(), mend)


def _writer(service: Service) -> Check:
    writer = service.instance.writer
    if writer is not None and writer.connected:
        return Check("writer", "ok", "it takes writes")
    return Check("writer", "warn", "it does not answer: writes are refused, reads go on", "the log says why")


def _journal_size(data: Path) -> Iterator[Check]:
    try:
        size = sum(part.stat().st_size for part in Journal(data / "journal.jsonl").parts())
    except (OSError, StemgraphError) as error:
        yield Check("journal", "warn", str(error), "restore the data directory from a backup")
    else:
        yield Check("journal", "ok", f"{size:,} bytes")


def journal_check(data: Path) -> Check:
    """Whether the journal of a data directory can be read, to its end."""
    try:
        journal = Journal(data / "journal.jsonl")
        last = journal.last
        count = sum(1 for _ in journal.entries())
    except (OSError, StemgraphError) as error:
        return Check("journal", "fail", str(error), "restore the data directory from a backup")
    if last is None:
        return Check("journal", "ok", "no edits")
    return Check("journal", "ok", f"{count} edits, the last is {last.sequence} of {last.time}")


def space_check(data: Path) -> Check:
    """Whether there is room for another release."""
    nearest = next(each for each in (data.absolute(), *data.absolute().parents) if each.exists())
    free = shutil.disk_usage(nearest).free
    found = f"{free / 1e9:.1f} GB free"
    if free < _LITTLE_SPACE:
        mend = f"make room at {nearest}: a release takes about 200 MB while it is compiled"
        return Check("disk space", "warn", found, mend)
    return Check("disk space", "ok", found)


def keys_check(data: Path) -> Check:
    """Whether the key file is its owner's alone."""
    file = data / "keys.json"
    try:
        mode = file.stat().st_mode & 0o777
    except FileNotFoundError:
        return Check("keys", "ok", "no keys: no one may write")
    except OSError as error:
        return Check("keys", "fail", f"{file}: {error.strerror}", "let the service read it")
    if mode & _PRIVATE:
        return Check("keys", "warn", f"{file} may be read by others ({mode:o})", f"chmod 600 {file}")
    return Check("keys", "ok", f"{file} is its owner's alone")
