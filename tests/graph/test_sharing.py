"""One graph among many threads, forks and processes, and what is left of it once it is closed."""

from __future__ import annotations

import io
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from stemgraph.graph import DataDirectoryError, KnowledgeGraph, MalformedIdentifierError

SCLEROSIS = "MONDO:0005301"


def answers(graph: KnowledgeGraph) -> list[Any]:
    """Something of everything that a graph answers."""
    stream = io.BytesIO()
    graph.export("csv", stream)
    return [
        graph.entity(SCLEROSIS).to_record(),
        [each.id for each in graph.search("sclerosis").items],
        [each.id for each in graph.associations(entity=SCLEROSIS)],
        graph.hierarchy(SCLEROSIS).to_record(),
        graph.neighborhood(SCLEROSIS, depth=2).to_record(),
        sorted(graph.networkx.edges(keys=True)),
        list(graph.sparql("SELECT ?s { ?s a sgv:Disease } ORDER BY ?s")),
        len(graph.rdf),
        stream.getvalue(),
    ]


def test_many_threads_read_one_graph_from_the_first_moment_on(small_graph: KnowledgeGraph) -> None:
    expected = answers(small_graph)
    with KnowledgeGraph.open(small_graph.directory.path) as fresh:
        together = threading.Barrier(8)

        def read(_: int) -> list[Any]:
            together.wait(30)
            return answers(fresh)

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(read, range(8))) == [expected] * 8


def test_a_graph_and_its_pages_are_handed_to_another_process(small_graph: KnowledgeGraph) -> None:
    expected = answers(small_graph)
    page = small_graph.associations(entity=SCLEROSIS)
    again = pickle.loads(pickle.dumps(page))  # noqa: S301  # our own
    assert [each.id for each in again] == [each.id for each in page]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        assert pool.submit(answers, small_graph).result(60) == expected


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_fork_reads_on_and_takes_no_files_of_its_parent(small_file: Path) -> None:
    with KnowledgeGraph.memory(small_file) as graph:
        expected = answers(graph)
        child = os.fork()
        if child == 0:
            same = answers(graph) == expected
            graph.close()
            os._exit(0 if same else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert graph.directory.export.exists()
        assert answers(graph) == expected
        place = graph.directory.path
    assert not place.exists()


def test_a_closed_graph_says_so_in_an_error_of_ours(small_file: Path) -> None:
    graph = KnowledgeGraph.memory(small_file)
    graph.close()
    graph.close()
    for ask in (
        graph.statistics,
        lambda: graph.sparql("ASK {}"),
        lambda: graph.search("x"),
        lambda: graph.view,
    ):
        with pytest.raises(DataDirectoryError):
            ask()


@pytest.mark.parametrize("identifier", ["\ud800:1", "MONDO:\x00", "MONDO:1\n", "\u202eMONDO:1"])
def test_letters_that_no_identifier_has_are_refused(small_graph: KnowledgeGraph, identifier: str) -> None:
    with pytest.raises(MalformedIdentifierError, match="is not a CURIE"):
        small_graph.entity(identifier)


def test_a_directory_that_may_not_be_entered_is_named(tmp_path: Path, bound_by_permissions: Any) -> None:

    program = "import sys; from stemgraph.graph import KnowledgeGraph as K; K.open(sys.argv[1])"
    (tmp_path / "closed").mkdir(mode=0)
    finished = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "closed")],
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=bound_by_permissions,
    )
    last = finished.stderr.splitlines()[-1]
    assert last.endswith("closed: cannot be read: Permission denied (check its permissions)")
