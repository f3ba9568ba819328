"""Fifty writers increment one value over HTTP, each with the version that it read: the value counts them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.figure import Figure
from benchmarks.reliability.service import Answer, Service, ask, filled_data, serving

PATH = "/api/v1/association"
BODY: dict[str, Any] = {
    "subject": "MAXO:0000747",
    "predicate": "studied_to_treat",
    "object": "MONDO:0005301",
    "qualifiers": {"population": "those who are counted"},
    "status": "reported",
    "reason": "one more was counted",
}


def body(value: int) -> bytes:
    """The association, the number of participants in whose evidence is the value."""
    evidence = {
        "reference": "PMID:30644983",
        "stance": "supports",
        "summary": "So many have been counted until now.",
        "study_design": "observational_cohort",
        "tier": 1,
        "retrieved": "2026-11-27",
        "n": value,
    }
    return json.dumps({**BODY, "evidence": [evidence]}).encode()


def value_in(answer: Answer) -> int:
    """The value that a reading of the association gives."""
    (evidence,) = answer.json()["evidence"]
    return int(evidence["n"])


@dataclass
class Tally:
    """What came of all attempts."""

    taken: list[int] = field(default_factory=list)
    """For each writer, the increments that were acknowledged."""
    refused: int = 0
    seconds: list[float] = field(default_factory=list)
    """How long each acknowledged increment took."""
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def fail(self, method: str, answer: Answer) -> None:
        """Note an answer that should not have come."""
        self.errors.append(f"{method} {answer.status}: {answer.body[:200]!r}")


def increment(service: Service, address: str, key: str, times: int, tally: Tally) -> None:
    """Read the value and put the next one, until this many attempts were taken or one failed otherwise."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection = service.connect(limit=300)
    done = 0
    try:
        while done < times:
            read = ask(connection, "GET", address)
            if read.status != 200:
                tally.fail("GET", read)
                break
            begun = time.monotonic()
            condition = {"If-Match": read.headers["etag"]}
            put = ask(connection, "PUT", address, body(value_in(read) + 1), headers | condition)
            with tally.lock:
                if put.status == 200:
                    done += 1
                    tally.seconds.append(time.monotonic() - begun)
                elif put.status == 412:
                    tally.refused += 1
            if put.status not in (200, 412):
                tally.fail("PUT", put)
                break
    except OSError as error:
        tally.errors.append(str(error))
    finally:
        connection.close()
        with tally.lock:
            tally.taken.append(done)


def run(quick: bool) -> Iterator[Figure]:
    """50 writers with 20 increments each of one association, on two web processes (6 with 2 quickly)."""
    from stemgraph.app.access.key_file import KeyFile

    writers, times = (6, 2) if quick else (50, 20)
    settings = {"connections_per_client": 2 * writers + 8, "client_seconds": 100_000}
    with filled_data() as data:
        _, key = KeyFile.of_data(data).create("increments", frozenset({"write"}), None)
        with serving(data, "--writable", "--workers", "2", settings=settings) as service:
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
            made = service.request("POST", PATH, body(0), headers)
            if made.status != 201:
                raise AssertionError(f"POST {made.status}: {made.body[:400]!r}")
            address, tally = made.headers["location"], Tally()
            threads = [
                threading.Thread(target=increment, args=(service, address, key, times, tally))
                for _ in range(writers)
            ]
            begun = time.monotonic()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            seconds = time.monotonic() - begun
            value = value_in(service.request("GET", address))
    yield from figures(tally, value, writers, times, seconds)


def figures(tally: Tally, value: int, writers: int, times: int, seconds: float) -> Iterator[Figure]:
    """What is told of the attempts and the final value."""
    successes = sum(tally.taken)
    whole = sum(each == times for each in tally.taken)
    took = sorted(tally.seconds) or [0.0]
    yield Figure("successes not counted by the final value", abs(value - successes), "", at_most=0,
                 note=f"value {value}, {successes} answered with 200, {tally.refused} with 412")  # fmt: skip
    yield Figure("writers that succeeded as often as they should", whole, "", at_least=writers)
    yield Figure("answers that were neither 200 nor 412", len(tally.errors), "", at_most=0,
                 note="; ".join(tally.errors[:3]))  # fmt: skip
    yield Figure("increments per second", successes / seconds, "/s")
    longest = f"longest {took[-1]:.2f} s"
    yield Figure("an increment that was taken, p50", took[len(took) // 2], "s", note=longest)
