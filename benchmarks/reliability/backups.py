"""Backups under writes: each restores to exactly the state after its edit."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure
from benchmarks.reliability.small_data import line, make_data
from benchmarks.reliability.web_process import WebProcess


def run(quick: bool) -> Iterator[Figure]:  # noqa: PLR0915  # one story
    """100 backups (4 quickly), taken while two writers write and releases are published."""
    from stemgraph.app.writer.backup import back_up
    from stemgraph.app.writer.opening import open_edition
    from stemgraph.app.writer.restore import restore
    from stemgraph.graph.journal import NAME, Journal
    from stemgraph.graph.state_digest import digest_of_store, digest_text

    count = 4 if quick else 100
    wrong: list[str] = []
    sequences: list[int] = []
    slowest = 0.0
    with tempfile.TemporaryDirectory(prefix="backups-") as directory:
        place = Path(directory)
        data = make_data(place / "data")
        ended = threading.Event()
        refused: list[object] = []
        written = threading.Event()
        with WebProcess(data) as web:

            def keep_writing(name: str) -> None:
                number = 0
                while not ended.is_set():
                    number += 1
                    answer = web.write([line(f"{name}-{number}-{each}", each) for each in range(3)])
                    if "error" in answer:
                        refused.append(answer)
                    written.set()

            threads = [threading.Thread(target=keep_writing, args=(each,)) for each in ("a", "b")]
            for thread in threads:
                thread.start()
            digests: dict[tuple[str, int], str] = {}
            for number in range(count):
                if number == count // 2:
                    web.ask("submit", action="publish", body={})
                written.clear()
                written.wait(60)  # so that each backup is of another edit
                backup, restored = place / f"backup-{number}", place / f"restored-{number}"
                begun = time.monotonic()
                made = back_up(data, backup, link=True)
                slowest = max(slowest, time.monotonic() - begun)
                restore(backup, restored)
                with open_edition(restored) as graph:
                    found = digest_text(digest_of_store(graph.store.oxigraph))
                    if graph.edition.sequence != made.sequence:
                        wrong.append(f"restored {graph.edition.id}, backed up {made.sequence}")
                if found != made.digest:
                    wrong.append(f"backup {number} has another digest than it says")
                digests[made.release, made.sequence] = found
                sequences.append(made.sequence)
                shutil.rmtree(backup)
                shutil.rmtree(restored)
            ended.set()
            for thread in threads:
                thread.join()
        for entry in Journal(data / NAME).entries():
            if digests.get((entry.release, entry.sequence), entry.digest) != entry.digest:
                wrong.append(f"edit {entry.sequence} was journalled with another digest")
    yield Figure("backups that do not restore to their digest", len(wrong), "", at_most=0,
                 note="; ".join(wrong[:3]))  # fmt: skip
    yield Figure("backups at different edits", len(set(sequences)), "", at_least=min(count, 3))
    yield Figure("writes refused meanwhile", len(refused), "", at_most=0, note=str(refused[:2]))
    yield Figure("slowest backup", slowest, "s", note=f"{count} backups")
