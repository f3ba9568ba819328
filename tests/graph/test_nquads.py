"""Canonical N-Quads are cut into blocks and statements as an RDF parser would read them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemgraph.graph import FormatError
from stemgraph.graph.nquads import Block, blocks, datatype_of, statements, text_of, value_of

IRIS = st.sampled_from(["http://a.org/x", "http://a.org/x_1", "http://b.org/#y", "https://c.org/z/"])
TERMS = st.one_of(
    IRIS.map(ox.NamedNode),
    st.text().map(ox.Literal),
    st.integers().map(ox.Literal),
    st.booleans().map(ox.Literal),
    st.text(min_size=1).map(lambda text: ox.Literal(text, language="en")),
)
QUADS = st.builds(
    ox.Quad,
    IRIS.map(ox.NamedNode),
    IRIS.map(ox.NamedNode),
    TERMS,
    st.one_of(IRIS.map(ox.NamedNode), st.just(ox.DefaultGraph())),
)


def canonical(quads: list[ox.Quad]) -> str:
    text = (ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode()
    return "".join(sorted(line + "\n" for line in text.split("\n") if line))


@given(st.lists(QUADS, max_size=12))
def test_statements_are_those_that_oxigraph_parses(quads: list[ox.Quad]) -> None:
    found = {
        (text_of(block.subject), text_of(each.predicate), text_of(each.object), each.graph[1:-1])
        for block in blocks([canonical(quads)], place="test")
        for each in statements(block, place="test")
    }
    expected = {
        (
            quad.subject.value,
            quad.predicate.value,
            quad.object.value,
            "" if quad.graph_name == ox.DefaultGraph() else quad.graph_name.value,
        )
        for quad in quads
    }
    assert found == expected


@given(st.lists(QUADS, max_size=12), st.integers(1, 200))
def test_blocks_do_not_depend_on_where_chunks_are_cut(quads: list[ox.Quad], size: int) -> None:
    text = canonical(quads)
    chunks = [text[start : start + size] for start in range(0, len(text), size)]
    assert list(blocks(chunks, place="test")) == list(blocks([text], place="test"))


@given(st.lists(QUADS, max_size=12))
def test_each_subject_has_one_block(quads: list[ox.Quad]) -> None:
    found = [block.subject for block in blocks([canonical(quads)], place="test")]
    assert len(found) == len(set(found)) == len({quad.subject for quad in quads})


def test_integers_and_booleans_are_values_and_dates_stay_text() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    assert value_of(f'"110"^^<{xsd}integer>') == 110
    assert value_of(f'"true"^^<{xsd}boolean>') is True
    assert value_of(f'"2022-09"^^<{xsd}gYearMonth>') == "2022-09"
    assert datatype_of(f'"2022-09"^^<{xsd}gYearMonth>') == f"{xsd}gYearMonth"
    assert datatype_of('"2022-09"') == ""


def test_a_default_graph_statement_about_a_graph_is_not_taken_to_be_in_it() -> None:
    text = "<s> <p> <o> <g> .\n<s> <p> <g> .\n"
    (block,) = blocks([text], place="test")
    assert [(each.object, each.graph) for each in statements(block, place="test")] == [
        ("<o>", "<g>"),
        ("<g>", ""),
    ]


@pytest.mark.parametrize("line", ["nonsense", "<s> <p>", "<s> <p> <o>"])
def test_a_line_that_is_no_statement_is_refused_with_its_place(line: str) -> None:

    def read() -> None:
        for block in blocks([line + "\n"], place="graph.nq"):
            statements(block, place="graph.nq")

    with pytest.raises(FormatError, match=r"^graph\.nq: ") as caught:
        read()
    assert line[:5] in str(caught.value)


def test_a_last_line_without_newline_still_counts() -> None:
    assert list(blocks(["<s> <p> <o> ."], place="test")) == [Block("<s>", "<s> <p> <o> .\n")]
