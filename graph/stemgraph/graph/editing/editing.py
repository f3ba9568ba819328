"""The graph after an edit."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from stemgraph.graph.editing.edits import Edits
from stemgraph.graph.editing.ledger import Ledger
from stemgraph.graph.editing.patching import patch
from stemgraph.graph.edition import Edition
from stemgraph.graph.places import remove_own
from stemgraph.graph.quad_diff import QuadDiff
from stemgraph.graph.store import OxigraphStore

if TYPE_CHECKING:
    from stemgraph.graph.knowledge_graph import KnowledgeGraph

Graph = TypeVar("Graph", bound="KnowledgeGraph")

MOST_SUBJECTS: Final = 10_000
"""Subjects up to which an edit is gathered by itself; compiling everything is faster from about there on."""


def edited(graph: Graph, diff: QuadDiff, edition: Edition) -> Graph:
    """The graph after an edit, which makes it this edition; see ``KnowledgeGraph.edited``."""
    kind = type(graph)
    if not diff:
        after = kind(graph.directory, history=graph.history, edition=edition, edits=graph.edits)
        after.take_names(graph)
        return after
    if len(diff.subjects) > MOST_SUBJECTS:
        return _compiled(graph, edition)
    opened = OxigraphStore(edition.store)
    before = graph.edits
    patched = patch(graph.records, ledger_of(graph), diff, opened)
    edits = Edits(
        base=before.base if before else graph.records,
        records=patched.records,
        ledger=patched.ledger,
        renamed=patched.entities.changed.union(before.renamed if before else ()),
        diffs=(*before.diffs, diff) if before else (diff,),
    )
    after = kind(graph.directory, history=graph.history, edition=edition, edits=edits)
    after.__dict__["store"] = opened
    if patched.entities.same_names:
        after.take_names(graph)
    return after


def ledger_of(graph: KnowledgeGraph) -> Ledger:
    """What edits of a graph need to know; found out once for a release, which takes a moment."""
    return graph.edits.ledger if graph.edits else graph.release_ledger


def _compiled(graph: Graph, edition: Edition) -> Graph:
    from stemgraph.graph.edition_compilation import compile_edition  # noqa: PLC0415  # for large edits alone

    directory = Path(tempfile.mkdtemp(prefix="stemgraph-"))
    try:
        compiled = compile_edition(edition, directory / "release", aside=graph.aside)
        after = type(graph)(compiled, history=graph.history, edition=edition)
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise
    after.remove_when_closed(weakref.finalize(after, partial(remove_own, directory, os.getpid())))
    return after
