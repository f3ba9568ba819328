"""Narrowed text filters answer as the engine answers without them."""

from __future__ import annotations

import re
import sys
from collections import Counter

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemgraph.app.jail.literals import LiteralIndex, folded, strange
from stemgraph.app.jail.narrowing import MOST_LITERALS, narrowed

EX = "http://ex/"
PREFIXES = {"ex": EX}
LABEL, OTHER, MIXED = (ox.NamedNode(EX + name) for name in ("label", "other", "mixed"))
WORDS = [
    "stem cell",
    "Stem Cell",
    "STEM",
    "Stammzelle",
    "Straße",
    "STRASSE",
    "ΣΤΕΜ ΟΔΟΣ",
    "οδος",
    "Kelvin 300 \u212a",
    "\u017ftem",
    "İstem",
    "\u0131 stem",
    "a\nstem",
    'the "stem"',
    "a\\stem",
    "",
    "x\x00stem",
    "\u0378stem",
    "\u019bstem",
]
LITERALS = [ox.Literal(word) for word in WORDS] + [
    ox.Literal(word, language=language) for word in WORDS[:6] for language in ("en", "de-AT")
]
SUBJECTS = [ox.NamedNode(EX + name) for name in "abc"] + [ox.BlankNode("b")]
GRAPHS = [ox.NamedNode(EX + name) for name in ("g", "h")]

quads = st.lists(
    st.one_of(
        st.builds(
            ox.Quad,
            st.sampled_from(SUBJECTS),
            st.sampled_from([LABEL, OTHER]),
            st.sampled_from(LITERALS),
            st.sampled_from(GRAPHS),
        ),
        st.builds(
            ox.Quad,
            st.sampled_from(SUBJECTS),
            st.just(MIXED),
            st.sampled_from([*LITERALS, *SUBJECTS[:3]]),
            st.sampled_from(GRAPHS),
        ),
    ),
    max_size=25,
)
texts = st.sampled_from(
    ["stem", "STEM", "stem cell", "tra", "strasse", "straße", "οδος", "ΟΔΟΣ", "300 k", "ste"]
)
values = st.sampled_from(
    ["?l", "STR(?l)", "LCASE(?l)", "UCASE(STR(?l))", "LCASE(STR(?l))", "STR(LCASE(?l))", "UCASE(LCASE(?l))"]
)
predicates = st.sampled_from(["ex:label", "<http://ex/label>", "ex:other", "ex:mixed", "p:label"])
patterns = st.builds(
    str.replace,
    st.sampled_from(
        [
            "?s @ ?l .",
            "?s @ ?l",
            "GRAPH ex:g { ?s @ ?l }",
            "GRAPH ?g { ?s @ ?l . ?s ?q ?m }",
            "?s @ ?l ; ?q ?m .",
            "?s @ ?m , ?l .",
            "?s ?q ?m . ?s @ ?l .",
            "OPTIONAL { ?s @ ?l }",
            "?s ?q ?m OPTIONAL { ?s @ ?l }",
            "?s @ ?l . OPTIONAL { ?s ex:other ?m }",
            "{ ?s @ ?l } UNION { ?s ex:other ?m }",
            "?s @ ?l MINUS { ?s ex:other ?l }",
            "VALUES ?l { 'stem' UNDEF } ?s @ ?l",
            "BIND('stem' AS ?l) ?s @ ?l",
            "?s @|ex:other ?l",
            "?s ^@ ?l",
            "?s @+ ?l",
            "?s @ ?l BIND(LCASE(?l) AS ?m)",
            "{ SELECT ?s ?l { ?s @ ?l } }",
            "[] @ ?l",
            "_:x @ ?l . _:x ?q ?m",
            "?s @ ?l FILTER(BOUND(?s)) ?s ?q ?m .",
            "FILTER EXISTS { ?s ex:other ?m } ?s @ ?l",
            "GRAPH ?g { OPTIONAL { ?s @ ?l } }",
            "OPTIONAL { ?s ex:other ?l } ?s @ ?l",
            "?s ?q ex:b.?s @ ?l",
            "?s ?q ?m . FILTER(?m != 'x') ?s @ ?l",
        ]
    ),
    st.just("@"),
    predicates,
)
filters = st.builds(
    lambda shape, value, text: shape.replace("@", value).replace("~", text),
    st.sampled_from(
        [
            'FILTER(CONTAINS(@, "~"))',
            "FILTER CONTAINS(@, '~')",
            "FILTER((contains(@, '''~''')))",
            'FILTER(STRSTARTS(@, "~"))',
            'FILTER(STRENDS(@, "~") && BOUND(?s))',
            'FILTER(REGEX(@, "~", "i"))',
            'FILTER regex(@, "^~")',
            'FILTER(regex(@, "~$", "i") && (CONTAINS(@, "s")))',
            'FILTER(!CONTAINS(@, "~"))',
            'FILTER(CONTAINS(@, "~") || !BOUND(?m))',
            'FILTER(CONTAINS(@, "~") = false)',
            'FILTER(CONTAINS(@, "~"@en))',
            'FILTER(BOUND(?s) && CONTAINS(@, "~") || BOUND(?m))',
            'FILTER(COALESCE(CONTAINS(@, "~"), true))',
            'FILTER NOT EXISTS { ?s ?z ?l FILTER(CONTAINS(@, "~")) }',
            'FILTER(regex(@, "s.*~", "i"))',
        ]
    ),
    values,
    texts,
)
queries = st.builds(
    lambda form, pattern, filter_: form.replace("@", f"{pattern} {filter_}"),
    st.sampled_from(
        [
            "PREFIX p: <http://ex/> SELECT * { @ }",
            "PREFIX p: <http://ex/> SELECT ?l (COUNT(*) AS ?n) WHERE { @ } GROUP BY ?l",
            "PREFIX p: <http://ex/> SELECT ?s WHERE { @ } ORDER BY ?l",
            "PREFIX p: <http://ex/> ASK { @ }",
            "PREFIX p: <http://ex/> CONSTRUCT { ?s ex:found ?l } WHERE { @ }",
        ]
    ),
    patterns,
    filters,
)


def answer(store: ox.Store, query: str) -> object:
    """What a query answers, in any order."""
    found = store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    if isinstance(found, ox.QueryTriples):
        return Counter(str(each) for each in found)
    names = [each.value for each in found.variables]
    return Counter(tuple(str(solution[name]) for name in sorted(names)) for solution in found)


@settings(max_examples=400)
@given(quads, queries)
def test_a_narrowed_query_answers_the_same(given_quads: list[ox.Quad], query: str) -> None:
    store = ox.Store()
    store.extend(given_quads)
    changed = narrowed(query, LiteralIndex.of(store), PREFIXES)
    try:
        expected = answer(store, query)
    except SyntaxError:
        return
    assert answer(store, changed) == expected


@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "{",
                    "}",
                    "(",
                    ")",
                    "[",
                    "]",
                    "SELECT *",
                    "ASK",
                    "WHERE",
                    "FILTER",
                    "CONTAINS",
                    "REGEX",
                    "STR",
                    "LCASE",
                ),
                *(
                    "?l",
                    "?s",
                    "ex:label",
                    "a",
                    ".",
                    ";",
                    ",",
                    '"stem"',
                    "'x",
                    "@en",
                    "&&",
                    "||",
                    "!",
                    "GRAPH",
                    "PREFIX",
                ),
                *(
                    "EXISTS",
                    "NOT",
                    "OPTIONAL",
                    "ex:",
                    "<http://ex/label>",
                    "<",
                    "^",
                    "BASE",
                    "VALUES",
                    "FILTER(",
                ),
            ]
        ),
        max_size=30,
    )
)
def test_no_text_of_any_kind_confuses_it(pieces: list[str]) -> None:
    store = ox.Store()
    store.add(ox.Quad(SUBJECTS[0], LABEL, ox.Literal("stem"), GRAPHS[0]))
    query = " ".join(["SELECT * { ?s ex:label ?l FILTER(CONTAINS(?l,", *pieces])
    assert "ex:label" in narrowed(query, LiteralIndex.of(store), PREFIXES)
    assert isinstance(narrowed(" ".join(["regex", *pieces]), LiteralIndex.of(store), PREFIXES), str)


@pytest.fixture
def index() -> LiteralIndex:
    """Two labels of three hold the word."""
    store = ox.Store()
    for name, text in (("a", "Stem cell"), ("b", "blood"), ("c", "stem")):
        store.add(ox.Quad(ox.NamedNode(EX + name), LABEL, ox.Literal(text, language="en"), GRAPHS[0]))
        store.add(ox.Quad(ox.NamedNode(EX + name), MIXED, ox.Literal(text), GRAPHS[0]))
    store.add(ox.Quad(SUBJECTS[0], MIXED, SUBJECTS[1], GRAPHS[0]))
    return LiteralIndex.of(store)


NARROWED = [
    'SELECT * { ?s ex:label ?l FILTER(CONTAINS(LCASE(?l), "stem")) }',
    'SELECT * WHERE { GRAPH ex:g { ?s ex:label ?l } FILTER(CONTAINS(LCASE(STR(?l)), "stem")) } LIMIT 5',
    'SELECT * WHERE { GRAPH ?g { ?s ex:label ?l } FILTER(regex(?l, "stem", "i")) }',
    'PREFIX a: <http://ex/> ASK { ?s a ex:C ; a:label ?l . FILTER(STRSTARTS(?l, "stem") && ?s != ex:a) }',
    "CONSTRUCT { ?s ex:found ?l } WHERE { ?s <http://ex/label> ?l . ?s ?p ?o FILTER CONTAINS($l, 'stem') }",
    'ASK { ?s ex:label ?l OPTIONAL { ?s ex:other ?m } FILTER(REGEX(STR(?l), "^stem$")) }',
]


@pytest.mark.parametrize("query", NARROWED)
def test_it_lists_the_literals_that_can_pass(query: str, index: LiteralIndex) -> None:
    found = narrowed(query, index, PREFIXES)
    begin, end = found.index(" VALUES ?l {"), found.index("}", found.index(" VALUES")) + 2
    assert found[:begin] + found[end:] == query
    assert sorted(re.findall(r'"[^"]*"@en', found[begin:end])) == ['"Stem cell"@en', '"stem"@en']


AS_THEY_ARE = [
    "SELECT * { ?s ex:label ?l }",
    'SELECT * { ?s ex:label ?l FILTER(CONTAINS(?l, "st")) }',
    'SELECT * { ?s ex:mixed ?l FILTER(CONTAINS(STR(?l), "stem")) }',
    'SELECT * { ?s ex:label|ex:other ?l FILTER(CONTAINS(?l, "stem")) }',
    'SELECT * { OPTIONAL { ?s ex:label ?l } FILTER(CONTAINS(?l, "stem")) }',
    'SELECT * { OPTIONAL { ?s ?p ?l } ?s ex:label ?l FILTER(CONTAINS(?l, "stem")) }',
    'SELECT * { ?s ex:label ?l FILTER(CONTAINS(?l, "stem") || true) }',
    'SELECT * { ?s ex:label ?l FILTER(!CONTAINS(?l, "stem")) }',
    'SELECT * { ?s ex:label ?l FILTER(CONTAINS(?l, "a\\u0073tem")) }',
    'SELECT * { ?s ex:label ?l FILTER(REGEX(?l, "st.m")) }',
    'SELECT * { ?s ex:label ?l ; ex:n ?x FILTER((?x<?x)=(?x>9 && CONTAINS(?l,"stem"))) }',
    'SELECT * { ?s ex:label ?l . ?s <urn:x> ?x FILTER(CONTAINS(?l, "stem")) }',
    'BASE <http://ex/> SELECT * { ?s <label> ?l FILTER(CONTAINS(?l, "stem")) }',
]


@pytest.mark.parametrize("query", AS_THEY_ARE)
def test_what_it_is_not_certain_of_stays_as_it_is(query: str, index: LiteralIndex) -> None:
    assert narrowed(query, index, PREFIXES) == query


def test_more_literals_than_pay_are_not_listed() -> None:
    store = ox.Store()
    store.extend(
        ox.Quad(SUBJECTS[0], LABEL, ox.Literal(f"stem {n}"), GRAPHS[0]) for n in range(MOST_LITERALS + 1)
    )
    query = 'SELECT * { ?s ex:label ?l FILTER(CONTAINS(?l, "stem")) }'
    assert narrowed(query, LiteralIndex.of(store), PREFIXES) == query


def test_the_predicates_with_most_text_are_left_out_where_memory_is_short() -> None:
    store = ox.Store()
    store.add(ox.Quad(SUBJECTS[0], LABEL, ox.Literal("short"), GRAPHS[0]))
    store.add(ox.Quad(SUBJECTS[0], OTHER, ox.Literal("long" * 100), GRAPHS[0]))
    index = LiteralIndex.of(store, most_characters=100)
    assert LABEL.value in index
    assert OTHER.value not in index


CHARACTERS = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]


def test_the_form_of_a_character_is_that_of_its_lower_and_upper_case() -> None:
    for character in CHARACTERS:
        assert folded(character.lower()) == folded(character) == folded(character.upper())


def test_few_characters_change_their_case_otherwise_in_the_engine_and_their_literals_are_always_listed() -> (
    None
):
    found = [
        each
        for begin in range(0, len(CHARACTERS), 9_000)
        for each in strange(CHARACTERS[begin : begin + 9_000])
    ]
    assert len(found) < 200
    store = ox.Store()
    store.extend(ox.Quad(SUBJECTS[0], LABEL, ox.Literal(f"x{each}x"), GRAPHS[0]) for each in found)
    index = LiteralIndex.of(store)
    for function in ("LCASE", "UCASE"):
        for literal in index.holding(LABEL.value, "nothing", 1_000) or ():
            (solution,) = store.query(f"SELECT ({function}({literal}) AS ?x) {{}}")  # type: ignore[misc]
            query = f"SELECT * {{ ?s ex:label ?l FILTER(CONTAINS({function}(?l), {solution['x']})) }}"
            assert answer(store, narrowed(query, index, PREFIXES)) == answer(store, query)
