"""The SPARQL servers that are measured beside ours, on the same quads: oxigraph and rdflib-endpoint."""

from __future__ import annotations

import gzip
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import fetch, free_port, wait_until_ready

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
SECONDS_TO_LOAD = 600


@contextmanager
def peers(quads: Path, directory: Path, ours: list[str]) -> Iterator[dict[str, Endpoint]]:
    """The endpoint of each server by its name; they run side by side until the end.

    Args:
        quads: The release's N-Quads, compressed.
        directory: Where the servers keep what they load.
        ours: Further options of `stemgraph serve`.
    """
    plain = directory / "release.nq"
    with gzip.open(quads) as packed, plain.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)
    store = directory / "oxigraph"
    load = [str(OXIGRAPH), "load", "--location", str(store), "--lenient", "--file", str(plain)]
    subprocess.run(load, check=True, capture_output=True)
    ports = {name: free_port() for name in ("stemgraph", "oxigraph", "rdflib-endpoint")}
    commands = {
        "stemgraph": [
            *(sys.executable, "-m", "stemgraph.app", "serve", "--port", str(ports["stemgraph"])),
            *("--data", str(directory / "data"), *ours),
        ],
        "oxigraph": [
            *(str(OXIGRAPH), "serve-read-only", "--location", str(store), "--union-default-graph"),
            *("--bind", f"127.0.0.1:{ports['oxigraph']}"),
        ],
        "rdflib-endpoint": [
            *(sys.executable, "-m", "benchmarks.sparql_peers", str(store), str(ports["rdflib-endpoint"])),
        ],
    }
    paths = {"stemgraph": "/sparql", "oxigraph": "/query", "rdflib-endpoint": "/"}
    with ExitStack() as running:
        found: dict[str, Endpoint] = {}
        for name, command in commands.items():
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            running.callback(process.wait, 30)
            running.callback(process.terminate)
            found[name] = Endpoint(f"http://127.0.0.1:{ports[name]}{paths[name]}", process)
            wait_until_ready(f"{found[name].address}?query=ASK%7B%7D", process, limit=SECONDS_TO_LOAD)
        wait_until_in_memory(found["stemgraph"].address.removesuffix("/sparql"))
        for name in ("oxigraph", "rdflib-endpoint"):
            running.callback(found[name].process.send_signal, signal.SIGCONT)  # or it would not end
            found[name].process.send_signal(signal.SIGSTOP)
        yield found


@dataclass(frozen=True)
class Endpoint:
    """The address of a server, and its process."""

    address: str
    process: subprocess.Popen[bytes]

    @contextmanager
    def awake(self) -> Iterator[str]:
        """Have the server run: another stands still, for it may be at what no one waits for any more."""
        self.process.send_signal(signal.SIGCONT)
        try:
            yield self.address
        finally:
            if not self.address.endswith("/sparql"):  # ours has several processes, and leaves nothing undone
                self.process.send_signal(signal.SIGSTOP)


def wait_until_in_memory(home: str) -> None:
    """Wait until every web process of the service answers queries from memory.

    Raises:
        TimeoutError: Not all of them do in time.
    """
    end = time.monotonic() + SECONDS_TO_LOAD
    while time.monotonic() < end:
        told = dict(
            line.rsplit(" ", 1)  # type: ignore[misc]  # two fields
            for line in fetch(home + "/metrics").decode().splitlines()
            if not line.startswith("#")
        )
        web = told.get('stemgraph_processes{process="web"}')
        if web is not None and float(told["stemgraph_jail_in_memory"]) == float(web):
            return
        time.sleep(0.2)
    raise TimeoutError("stemgraph does not answer from memory")


def serve_rdflib_endpoint(store: Path, port: int) -> None:
    """Serve an Oxigraph directory with rdflib-endpoint, over rdflib's Oxigraph store: its fastest form."""
    import pyoxigraph
    import uvicorn
    from oxrdflib import OxigraphStore
    from rdflib import Dataset
    from rdflib_endpoint import SparqlEndpoint

    opened = pyoxigraph.Store.read_only(str(store))
    dataset = Dataset(store=OxigraphStore(store=opened), default_union=True)
    uvicorn.run(SparqlEndpoint(graph=dataset), host="127.0.0.1", port=port, log_level="critical")


if __name__ == "__main__":
    serve_rdflib_endpoint(Path(sys.argv[1]), int(sys.argv[2]))
