"""Where the quads of a release are: a small Protocol, and the embedded Oxigraph behind it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.query_answer import QueryAnswer, run_query

if TYPE_CHECKING:
    import rdflib

Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Object = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


class Store(Protocol):
    """The quads of one release, read only; queries see the union of its named graphs as default graph."""

    def query(self, query: str) -> QueryAnswer:
        """Answer a SPARQL query."""
        ...

    def quads(
        self,
        subject: Subject | None = None,
        predicate: ox.NamedNode | None = None,
        object: Object | None = None,  # noqa: A002  # the RDF word
        graph: GraphName | None = None,
    ) -> Iterator[ox.Quad]:
        """The quads that match a pattern, None matching anything."""
        ...

    def graphs(self) -> tuple[str, ...]:
        """The IRIs of the named graphs, sorted."""
        ...

    def dataset(self) -> rdflib.Dataset:
        """The same quads as a read-only rdflib Dataset."""
        ...

    def close(self) -> None:
        """Let go of the files."""
        ...


class OxigraphStore:
    """An Oxigraph directory, opened read only: any number of processes may hold it at once.

    Raises:
        DataDirectoryError: The directory is no Oxigraph store or is damaged.
    """

    def __init__(self, directory: Path) -> None:
        self._store: ox.Store | None
        try:
            self._store = ox.Store.read_only(str(directory))
        except (OSError, RuntimeError, ValueError) as error:
            denied = "Permission denied" in str(error)  # Oxigraph tells it by words alone
            raise DataDirectoryError(
                f"the store cannot be opened: {error}",
                place=str(directory),
                mend="check its permissions" if denied else "compile the release again",
            ) from error

    @property
    def oxigraph(self) -> ox.Store:
        """The pyoxigraph store itself."""
        if self._store is None:
            raise DataDirectoryError("the store is closed", mend="open the graph again")
        return self._store

    def query(self, query: str) -> QueryAnswer:
        """Answer a SPARQL query over the union of the named graphs.

        Raises:
            QueryError: The query does not parse; ``line`` and ``column`` say where.
        """
        return run_query(self.oxigraph, query)

    def quads(
        self,
        subject: Subject | None = None,
        predicate: ox.NamedNode | None = None,
        object: Object | None = None,  # noqa: A002  # the RDF word
        graph: GraphName | None = None,
    ) -> Iterator[ox.Quad]:
        """The quads that match a pattern, None matching anything."""
        return self.oxigraph.quads_for_pattern(subject, predicate, object, graph)

    def graphs(self) -> tuple[str, ...]:
        """The IRIs of the named graphs, sorted."""
        return tuple(sorted(graph.value for graph in self.oxigraph.named_graphs()))

    def dataset(self) -> rdflib.Dataset:
        """The same quads as an rdflib Dataset whose default graph is the union; writing to it raises."""
        from stemgraph.graph.rdf_dataset import dataset_over  # noqa: PLC0415  # rdflib takes 0.3 s to import

        return dataset_over(self.oxigraph)

    def close(self) -> None:
        """Let go of the files."""
        self._store = None


def load_store(files: Iterable[Path], directory: Path) -> None:
    """Load canonical N-Quads files, two at a time and each as soon as it is named, into a new store.

    The lines are taken as valid (``lenient``), which halves the time; whatever is not our own canonical
    file has been parsed strictly before.
    """
    store = ox.Store(str(directory))

    def load(file: Path) -> None:
        store.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS, lenient=True)

    with ThreadPoolExecutor(2) as pool:
        loads = [pool.submit(load, file) for file in files]
    for each in loads:
        each.result()
    store.optimize()  # files that overlap, as several loads leave them, make scans take twice as long
    store.flush()


class StoreLoad:
    """A load that goes on while its caller does something else: ``add`` files, then ``finish``.

    Args:
        directory: Where the store is made.
        own_process: Load in another process, whose memory is given back at its end; otherwise at ``finish``.
    """

    def __init__(self, directory: Path, *, own_process: bool) -> None:
        self._directory = directory
        self._files: list[Path] = []
        self._process = _start(directory) if own_process and sys.executable else None

    def add(self, file: Path) -> None:
        """Load this canonical N-Quads file; it must stay until ``finish``."""
        self._files.append(file)
        if self._process is not None and self._process.stdin is not None:
            # A process that has ended already says why in finish.
            with suppress(BrokenPipeError):
                self._process.stdin.write(f"{file}\n".encode())
                self._process.stdin.flush()

    def finish(self) -> None:
        """Wait until the store is complete.

        Raises:
            DataDirectoryError: The files could not be loaded.
        """
        if self._process is not None:
            _, complaint = self._process.communicate()
            if self._process.returncode == 0:
                return
            lines = complaint.decode(errors="replace").strip().splitlines()
            reason = lines[-1] if lines else f"the loading process ended with {self._process.returncode}"
            raise DataDirectoryError(f"loading failed: {reason}", place=str(self._directory))
        try:
            load_store(self._files, self._directory)
        except (OSError, SyntaxError, RuntimeError) as error:
            raise DataDirectoryError(f"loading failed: {error}", place=str(self._directory)) from error

    def cancel(self) -> None:
        """End the load if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


def _start(directory: Path) -> subprocess.Popen[bytes] | None:
    """A process that loads the files named on its standard input, or None where none can be started."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        return subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-m", "stemgraph.graph.store", str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
        )
    except OSError:
        return None


if __name__ == "__main__":
    load_store((Path(line.rstrip("\n")) for line in sys.stdin), Path(sys.argv[1]))
