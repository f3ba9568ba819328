"""Verdicts that are remembered by the shape of a query are those that the guard gives it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemgraph.app.jail.guard import DEEPEST_NESTING, LONGEST_CHAIN, CheckedQuery, check
from stemgraph.app.jail.verdicts import LONGEST_SHAPE, MOST_SHAPES, Verdicts
from stemgraph.graph.errors import QueryError

HERE = "https://w3id.org/stemgraph/graph/curated"
PREFIXES = {"sgg": "https://w3id.org/stemgraph/graph/"}
PIECES = (
    "SELECT * {", "ASK {", "}", "PREFIX a:", "PREFIX sgg:", "BASE", "FROM", "FROM NAMED", "SERVICE", "a:b",
    "sgg:x", "zz:b", "?s", "?p", ".", ";", "!", "-", "<", ">", "(", ")", "NOW()", "RAND()", "INSERT", "LIMIT",
    "1", "27", "0.5", "1e3", "'1 2 '", "'", '"', '"""', "\\", "#", "\n", " ", "<http://a/b>", f"<{HERE}>",
    "<https://c/%41~->", "<http://a/#'>", "<http://SERVICE/>", "<http://x", "\x00", "\x00<>", "_:b",
)  # fmt: skip


def judged(ask: Verdicts | None, query: str) -> CheckedQuery | str:
    """What the guard says of a query, or why it refuses it; through remembered verdicts or without."""
    try:
        if ask is None:
            return check(query, graphs=[HERE], prefixes=PREFIXES)
        return ask.check(query, [HERE])
    except QueryError as error:
        return repr(error)


@given(
    st.lists(st.lists(st.sampled_from(PIECES), max_size=14), min_size=1, max_size=6),
    st.sampled_from(["", " "]),
)
def test_what_is_remembered_is_what_the_guard_says(texts: list[list[str]], between: str) -> None:
    verdicts = Verdicts(PREFIXES)
    for pieces in texts * 2:
        query = between.join(pieces)
        assert judged(verdicts, query) == judged(None, query)


SAME_BUT_FOR_CONSTANTS = [
    ("SELECT * { <http://a/1> ?p ?o } LIMIT 10", "SELECT * { <http://b/2> ?p ?o } LIMIT 20"),
    ("ASK { ?s ?p 1 }", "ASK { ?s ?p <http://a/b> }"),
    ("ASK { ?s ?p ! }", "ASK { ?s ?p ! 1 }"),
    ("PREFIX a: <http://a/> ASK { a:b ?p ?o }", "PREFIX a: 1 ASK { a:b ?p ?o }"),
    (f"ASK FROM <{HERE}> {{}}", "ASK FROM <http://nowhere/> {}"),
    ("ASK { ?s ?p ?o FILTER(?o < 0.5 ) }", "ASK { ?s ?p ?o FILTER(?o <http://a/b>.5 ) }"),
    ("ASK { ?s ?p '<http://a/b>' }", "ASK { ?s ?p '<http://a/c>' }"),
    ("ASK { <http://a/b> ?p ?o }", "ASK { <http://SERVICE/> ?p ?o }"),
]


@pytest.mark.parametrize(("first", "second"), SAME_BUT_FOR_CONSTANTS)
def test_neither_of_two_queries_gets_the_verdict_of_the_other(first: str, second: str) -> None:
    for one, other in ((first, second), (second, first)):
        verdicts = Verdicts(PREFIXES)
        assert judged(verdicts, one) == judged(None, one)
        assert judged(verdicts, other) == judged(None, other)


def test_numbers_do_not_hide_a_chain_of_operators() -> None:
    verdicts = Verdicts(PREFIXES)
    parted, whole = ("ASK { FILTER( " + sign * (LONGEST_CHAIN + 1) + " ) }" for sign in ("! 1 ", "!  "))
    assert isinstance(judged(verdicts, parted), CheckedQuery)
    assert "operators stand in a row" in str(judged(verdicts, whole))


def test_one_shape_is_remembered_once_and_the_text_is_each_query_s_own() -> None:
    verdicts = Verdicts(PREFIXES)
    for number in range(50):
        query = f"SELECT ?p {{ <http://a/{number}> ?p ?o }} LIMIT {number}"
        assert verdicts.check(query, ()).text == query
    assert len(verdicts) == 1


def test_what_is_refused_or_long_is_not_remembered() -> None:
    verdicts = Verdicts(PREFIXES)
    deep = "ASK " + "{" * (DEEPEST_NESTING + 1)
    for query in (deep, "ASK { 'open }", "nothing", "ASK { zz:b ?p ?o }", "ASK {}" + " " * LONGEST_SHAPE):
        judged(verdicts, query)
    assert len(verdicts) == 0


def test_no_number_of_shapes_fills_the_memory() -> None:
    verdicts = Verdicts(PREFIXES)
    for number in range(MOST_SHAPES + 10):
        verdicts.check(f"ASK {{ ?s{number} ?p ?o }}", ())
    assert len(verdicts) <= MOST_SHAPES
