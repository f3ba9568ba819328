"""Explicit changes of the graph."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from stemgraph.graph.errors import BadRequestError
from stemgraph.graph.quad_diff import QuadDiff, line_digest

S, P, G = (ox.NamedNode(f"http://example.org/{name}") for name in "spg")


def quad(value: str) -> ox.Quad:
    return ox.Quad(S, P, ox.Literal(value), G)


def decimal(value: str) -> ox.Quad:
    return ox.Quad(
        S, P, ox.Literal(value, datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")), G
    )


def test_literals_stand_as_oxigraph_keeps_them() -> None:
    assert QuadDiff.of([decimal("2.50")]) == QuadDiff.of([decimal("2.5")])


def test_a_line_is_the_one_that_oxigraph_dumps() -> None:
    store = ox.Store()
    store.add(quad('a "quoted"\n\tline é'))
    store.add(ox.Quad(S, P, ox.Literal("in no graph")))
    dumped = store.dump(format=ox.RdfFormat.N_QUADS)
    assert dumped is not None
    assert QuadDiff.of(store).added == frozenset(dumped.decode().splitlines())


def test_blank_nodes_are_refused_at_their_statement() -> None:
    with pytest.raises(BadRequestError, match="blank node"):
        QuadDiff.of([ox.Quad(S, P, ox.BlankNode(), G)])


def test_what_is_added_and_removed_is_added() -> None:
    diff = QuadDiff.of([quad("a")], [quad("a"), quad("b")])
    assert (len(diff.added), len(diff.removed)) == (1, 1)
    assert diff.subjects == {S.value}


def test_two_changes_after_each_other_are_one() -> None:
    first, second = QuadDiff.of([quad("a")], [quad("b")]), QuadDiff.of([quad("b")], [quad("a")])
    assert first.then(second) == QuadDiff.of([quad("b")], [quad("a")])


def test_the_digest_follows_the_change_and_its_inverse() -> None:
    before = line_digest(next(iter(QuadDiff.of([quad("b")]).added)))
    diff = QuadDiff.of([quad("a")], [quad("b")])
    after = diff.digest_after(before)
    assert after == sum(map(line_digest, diff.added))
    assert diff.inverse().digest_after(after) == before
