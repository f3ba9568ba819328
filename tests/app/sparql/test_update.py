"""The difference that a SPARQL Update makes, held against what Oxigraph itself does with it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stemgraph.app.sparql.update import update_difference
from stemgraph.graph.errors import QueryError, QueryForbiddenError

EX = "http://example.com/"
PREFIX = f"PREFIX ex: <{EX}>\n"

nodes = st.sampled_from(["ex:a", "ex:b", "ex:c"])
variable = st.sampled_from(["?x", "?y", "$z"])
predicates = st.sampled_from(["ex:p", "ex:q", "a"])
literals = st.sampled_from(['"one"', '"two"@en', "3", "2.50", "true", '"x"^^ex:type', '"7"^^ex:int'])
objects = st.one_of(nodes, literals)
graphs = st.sampled_from(["ex:g", "ex:h", f"<{EX}g>", "ex:missing"])


def triples(subject: st.SearchStrategy[str], verb: st.SearchStrategy[str], object_: st.SearchStrategy[str]):
    one = st.builds("{} {} {}".format, subject, verb, object_)
    listed = st.builds("{} {} {} , {} ; {} {}".format, subject, verb, object_, object_, verb, object_)
    return st.lists(st.one_of(one, listed), min_size=1, max_size=3).map(" . ".join)


def quads(content: st.SearchStrategy[str], graph: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    named = st.builds("GRAPH {} {{ {} }}".format, graph, content)
    several = st.builds("{} . GRAPH {} {{ {} }} {}".format, content, graph, content, content)
    return st.one_of(content, named, several).map("{{ {} }}".format)


data = quads(triples(nodes, predicates, objects), graphs)
templates = quads(
    triples(st.one_of(nodes, variable), st.one_of(predicates, variable), st.one_of(objects, variable)),
    st.one_of(graphs, variable),
)
patterns = st.one_of(
    templates,
    st.builds(
        "{{ {{ {} }} UNION {{ GRAPH ?g {{ {} }} }} OPTIONAL {{ ?x ex:q ?z }} FILTER(?x != ex:c) }}".format,
        triples(variable, predicates, variable),
        triples(variable, predicates, st.one_of(objects, variable)),
    ),
    st.just("{ VALUES (?x ?y) { (ex:a ex:b) (ex:b UNDEF) } BIND(2.50 AS ?z) }"),
    st.just("{ SELECT ?x (COUNT(?y) AS ?z) WHERE { GRAPH ?g { ?x ex:p ?y } } GROUP BY ?x }"),
    st.just("{ { ?x ?y ?z } MINUS { ?x ex:q ?z } }"),
    st.just("{}"),
)
using = st.one_of(
    st.just(""),
    st.builds("USING {}\n".format, graphs),
    st.builds("USING {}\nUSING NAMED {}\n".format, graphs, graphs),
    st.builds("USING NAMED {}\n".format, graphs),
)
with_graph = st.one_of(st.just(""), st.builds("WITH {} ".format, graphs))
target = st.one_of(st.builds("GRAPH {}".format, graphs), st.sampled_from(["DEFAULT", "NAMED", "ALL"]))
either = st.one_of(graphs, st.just("DEFAULT"), st.builds("GRAPH {}".format, graphs))
operation = st.one_of(
    st.builds("INSERT DATA {}".format, data),
    st.builds("DELETE DATA {}".format, data),
    st.builds("DELETE WHERE {}".format, templates),
    st.builds("{}DELETE {}\n{}WHERE {}".format, with_graph, templates, using, patterns),
    st.builds("{}INSERT {}\n{}WHERE {}".format, with_graph, templates, using, patterns),
    st.builds("{}DELETE {}\nINSERT {}\n{}WHERE {}".format, with_graph, templates, templates, using, patterns),
    st.builds("{} SILENT {}".format, st.sampled_from(["CLEAR", "DROP"]), target),
    st.builds("CREATE SILENT GRAPH {}".format, graphs),
    st.builds("{} SILENT {} TO {}".format, st.sampled_from(["ADD", "COPY", "MOVE"]), either, either),
)
updates = st.lists(operation, min_size=1, max_size=4).map(" ;\n".join)


def store_of(text: str) -> ox.Store:
    store = ox.Store()
    store.update(PREFIX + "INSERT DATA " + text)
    return store


def applied(store: ox.Store, update: str, **dataset: tuple[str, ...]) -> set[ox.Quad]:
    diff = update_difference(store, update, **dataset)
    lines = "\n".join
    added = set(ox.parse(lines(diff.added), format=ox.RdfFormat.N_QUADS))
    removed = set(ox.parse(lines(diff.removed), format=ox.RdfFormat.N_QUADS))
    before = set(store)
    assert added.isdisjoint(before)
    assert removed <= before
    return (before - removed) | added


def by_oxigraph(store: ox.Store, update: str) -> set[ox.Quad]:
    copy = ox.Store()
    copy.extend(store)
    copy.update(update)
    return set(copy)


@settings(max_examples=400, deadline=None)
@given(start=data, update=updates)
@example(
    start="{ ex:a ex:p ex:b . ex:b ex:p ex:a }",
    update="DELETE {?x ex:p ?y} INSERT {?y ex:p ?x} WHERE {?x ex:p ?y}",
)
@example(start="{ ex:a ex:p 2.50 }", update="DELETE DATA { ex:a ex:p 2.500 }")
@example(start="{ GRAPH ex:g { ex:a ex:p 1 } }", update="MOVE ex:g TO DEFAULT ; COPY DEFAULT TO ex:h")
@example(
    start="{ ex:a ex:p <<( ex:a ex:q 1 )>> }",
    update="INSERT { ?y ex:q <<( ?x ex:p ?x )>> } WHERE { ?x ex:p ?z BIND(ex:b AS ?y)}",
)
def test_the_difference_applied_is_what_oxigraph_makes_of_the_update(start: str, update: str) -> None:
    store = store_of(start)
    text = PREFIX + update
    try:
        expected = by_oxigraph(store, text)
    except SyntaxError:
        with pytest.raises((SyntaxError, QueryError)):
            update_difference(store, text)
    else:
        assert applied(store, text) == expected


JOHN_AND_JANE = (
    "{ <http://example/a> foaf:name 'John Smith' . "
    "GRAPH <http://example.org/named> { <http://example/b> foaf:name 'Jane Doe' } }"
)
SPECIFICATION = [
    # The examples of SPARQL 1.1 Update, section 3: what is there, what is asked, what is there then.
    (
        "{ <http://example/book1> ns:price 42 }",
        'INSERT DATA { <http://example/book1> dc:title "A new book" ; dc:creator "A.N.Other" . }',
        '{ <http://example/book1> ns:price 42 ; dc:title "A new book" ; dc:creator "A.N.Other" }',
    ),
    (
        '{ GRAPH <http://example/bookStore> { <http://example/book1> dc:title "Compiler Desing" } }',
        "DELETE DATA { GRAPH <http://example/bookStore> "
        '{ <http://example/book1> dc:title "Compiler Desing" } } ; '
        "INSERT DATA { GRAPH <http://example/bookStore> "
        '{ <http://example/book1> dc:title "Compiler Design" } }',
        '{ GRAPH <http://example/bookStore> { <http://example/book1> dc:title "Compiler Design" } }',
    ),
    (
        '{ <http://example/book2> ns:price 42 ; dc:title "David Copperfield" ; dc:creator "Edmund Wells" }',
        'DELETE DATA { <http://example/book2> dc:title "David Copperfield" ; dc:creator "Edmund Wells" . }',
        "{ <http://example/book2> ns:price 42 }",
    ),
    (
        '{ GRAPH <http://example/addresses> { <http://example/president25> foaf:givenName "Bill" ; '
        'foaf:familyName "McKinley" . <http://example/president42> foaf:givenName "Bill" } }',
        'WITH <http://example/addresses> DELETE { ?person foaf:givenName "Bill" } '
        'INSERT { ?person foaf:givenName "William" } WHERE { ?person foaf:givenName "Bill" }',
        '{ GRAPH <http://example/addresses> { <http://example/president25> foaf:givenName "William" ; '
        'foaf:familyName "McKinley" . <http://example/president42> foaf:givenName "William" } }',
    ),
    (
        '{ <http://example/book1> dc:title "P" ; dc:date "1977-01-01T00:00:00-02:00"^^xsd:dateTime . '
        '<http://example/book2> ns:price 42 ; dc:date "1948-01-01T00:00:00-02:00"^^xsd:dateTime . '
        '<http://example/book3> dc:date "2020-01-01T00:00:00-02:00"^^xsd:dateTime }',
        "DELETE { ?book ?p ?v } WHERE { ?book dc:date ?date . "
        'FILTER ( ?date > "1970-01-01T00:00:00-02:00"^^xsd:dateTime ) ?book ?p ?v }',
        '{ <http://example/book2> ns:price 42 ; dc:date "1948-01-01T00:00:00-02:00"^^xsd:dateTime }',
    ),
    (
        '{ GRAPH <http://example/bookStore> { <http://example/book1> dc:date "1977-01-01" ; dc:title "A" } '
        'GRAPH <http://example/bookStore2> { <http://example/book4> dc:title "B" } }',
        "INSERT { GRAPH <http://example/bookStore2> { ?book ?p ?v } } WHERE "
        '{ GRAPH <http://example/bookStore> { ?book dc:date "1977-01-01" . ?book ?p ?v } }',
        '{ GRAPH <http://example/bookStore> { <http://example/book1> dc:date "1977-01-01" ; dc:title "A" } '
        'GRAPH <http://example/bookStore2> { <http://example/book4> dc:title "B" . '
        '<http://example/book1> dc:date "1977-01-01" ; dc:title "A" } }',
    ),
    (
        '{ <http://example/william> foaf:givenName "William" ; foaf:mbox <mailto:bill@example> . '
        '<http://example/fred> foaf:givenName "Fred" ; foaf:mbox <mailto:fred@example> }',
        "DELETE WHERE { ?person foaf:givenName 'Fred' ; ?property ?value }",
        '{ <http://example/william> foaf:givenName "William" ; foaf:mbox <mailto:bill@example> }',
    ),
    (
        "{ GRAPH <http://example/names> { <http://example/fred> foaf:givenName 'Fred' } "
        "GRAPH <http://example/addresses> { <http://example/fred> foaf:mbox <mailto:fred@example> } }",
        "DELETE WHERE { GRAPH <http://example/names> { ?person foaf:givenName 'Fred' ; ?property1 ?value1 } "
        "GRAPH <http://example/addresses> { ?person ?property2 ?value2 } }",
        "{ }",
    ),
    (
        JOHN_AND_JANE,
        "COPY DEFAULT TO <http://example.org/named>",
        "{ <http://example/a> foaf:name 'John Smith' . "
        "GRAPH <http://example.org/named> { <http://example/a> foaf:name 'John Smith' } }",
    ),
    (
        JOHN_AND_JANE,
        "MOVE DEFAULT TO <http://example.org/named>",
        "{ GRAPH <http://example.org/named> { <http://example/a> foaf:name 'John Smith' } }",
    ),
    (
        JOHN_AND_JANE,
        "ADD DEFAULT TO <http://example.org/named>",
        "{ <http://example/a> foaf:name 'John Smith' . GRAPH <http://example.org/named> "
        "{ <http://example/b> foaf:name 'Jane Doe' . <http://example/a> foaf:name 'John Smith' } }",
    ),
]

NAMESPACES = (
    "PREFIX dc: <http://purl.org/dc/elements/1.1/> PREFIX ns: <http://example.org/ns#> "
    "PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
)


@pytest.mark.parametrize(("before", "update", "after"), SPECIFICATION)
def test_the_examples_of_the_specification_come_out_as_it_says(before: str, update: str, after: str) -> None:
    store, expected = ox.Store(), ox.Store()
    store.update(f"{NAMESPACES}INSERT DATA {before}")
    expected.update(f"{NAMESPACES}INSERT DATA {after}")

    assert applied(store, NAMESPACES + update) == set(expected)


def test_a_request_may_name_the_graphs_that_where_sees() -> None:
    store = store_of("{ ex:a ex:p 1 . GRAPH ex:g { ex:b ex:p 2 } GRAPH ex:h { ex:c ex:p 3 } }")
    text = PREFIX + "INSERT { ?x ex:seen true } WHERE { { ?x ex:p ?y } UNION { GRAPH ?g { ?x ex:p ?y } } }"

    new = applied(store, text, using=(f"{EX}g",), using_named=(f"{EX}h",)) - set(store)

    assert {str(quad.subject) for quad in new} == {f"<{EX}b>", f"<{EX}c>"}


def test_a_request_cannot_name_graphs_beside_an_update_that_does() -> None:
    text = PREFIX + "INSERT DATA { ex:a ex:p 1 } ;\nWITH ex:g DELETE { ?x ex:p ?y } WHERE { ?x ex:p ?y }"

    with pytest.raises(QueryError, match="so does the request") as refused:
        update_difference(ox.Store(), text, using=(f"{EX}g",))

    assert (refused.value.line, refused.value.column) == (3, 1)


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ("CREATE GRAPH ex:g", "there already"),
        ("CLEAR GRAPH ex:missing", "no graph"),
        ("DROP GRAPH ex:missing", "no graph"),
        ("ADD ex:missing TO ex:g", "no graph"),
        ("COPY GRAPH ex:missing TO DEFAULT", "no graph"),
        ("MOVE ex:missing TO ex:g", "no graph"),
    ],
)
def test_a_graph_that_is_missing_or_there_already_fails_unless_silent(update: str, message: str) -> None:
    store = store_of("{ GRAPH ex:g { ex:a ex:p 1 } }")
    word, _, rest = update.partition(" ")

    with pytest.raises(QueryError, match=message):
        update_difference(store, PREFIX + update)
    update_difference(store, f"{PREFIX}{word} SILENT {rest}")


@pytest.mark.parametrize(
    ("update", "line", "column"),
    [
        ("LOAD <http://example.com/x>", 2, 1),
        ("INSERT DATA { ex:a ex:p 1 } ;\nLOAD SILENT <file:///etc/passwd> INTO GRAPH ex:g", 3, 1),
        ("INSERT DATA { ex:a ex:p _:b }", 2, 25),
        ("INSERT DATA { ex:a ex:p [ ex:q 1 ] }", 2, 25),
        ("INSERT { ?x ex:p ( 1 2 ) } WHERE { ?x ex:p ?y }", 2, 18),
    ],
)
def test_load_and_blank_nodes_are_refused_at_their_place(update: str, line: int, column: int) -> None:
    with pytest.raises(QueryForbiddenError) as refused:
        update_difference(store_of("{ ex:a ex:p 1 }"), PREFIX + update)

    assert (refused.value.line, refused.value.column) == (line, column)


def test_a_blank_node_that_a_where_makes_is_refused() -> None:
    text = PREFIX + "INSERT { ?x ex:p ?b } WHERE { ?x ex:p ?y BIND(BNODE() AS ?b) }"

    with pytest.raises(QueryForbiddenError, match="blank node"):
        update_difference(store_of("{ ex:a ex:p 1 }"), text)


def test_one_value_made_by_a_where_is_the_same_in_every_part_of_a_template() -> None:
    text = PREFIX + (
        "INSERT { ex:a ex:id ?new . GRAPH ex:g { ?new ex:of ex:a } } WHERE { BIND(UUID() AS ?new) }"
    )

    first, second = applied(store_of("{}"), text)

    named, plain = sorted((first, second), key=lambda quad: str(quad.graph_name) == "DEFAULT")
    assert named.subject == plain.object


@pytest.mark.parametrize(
    "update",
    [
        "DELETE { ?x ex:p ?y }",
        "WITH ex:g WHERE { ?x ?y ?z }",
        "INSERT DATA { ex:a ex:p 1",
        "SELECT * { ?x ?y ?z }",
        "COPY ex:g ex:h",
        "INSERT DATA { ex:a ex:p 1 } INSERT DATA { ex:a ex:p 2 }",
        "CLEAR",
        "DELETE WHERE ex:p",
    ],
)
def test_what_is_no_update_is_refused_with_line_and_column(update: str) -> None:
    with pytest.raises(QueryError) as refused:
        update_difference(ox.Store(), PREFIX + update)

    assert refused.value.line is not None
    assert refused.value.line >= 2


def test_the_writers_own_graph_can_be_neither_written_nor_cleared() -> None:
    state = "https://w3id.org/stemgraph/graph/state"
    store = ox.Store()
    store.update(
        f"INSERT DATA {{ GRAPH <{state}> {{ <{EX}a> <{EX}p> 1 }} GRAPH <{EX}g> {{ <{EX}a> <{EX}p> 1 }} }}"
    )

    diff = update_difference(store, "CLEAR ALL ; DELETE WHERE { GRAPH ?g { ?x ?y ?z } }")

    assert not any(state in line for line in diff.removed)
    assert len(diff) == 1
    with pytest.raises(QueryForbiddenError, match="writer's own"):
        update_difference(store, f"INSERT DATA {{ GRAPH <{state}> {{ <{EX}a> <{EX}p> 2 }} }}")


def test_an_operation_sees_what_those_before_it_wrote_in_the_copy_that_it_was_given() -> None:
    store = store_of("{ ex:a ex:p 1 }")
    copies: list[ox.Store] = []

    def copy() -> ox.Store:
        copies.append(ox.Store())
        copies[0].extend(store)
        return copies[0]

    text = PREFIX + (
        "INSERT DATA { ex:b ex:p 2 } ; INSERT { ?x ex:q ?y } WHERE { ?x ex:p ?y } ; "
        "DELETE { ?x ex:p ?y } WHERE { ?x ex:p ?y ; ex:q ?y }"
    )
    diff = update_difference(store, text, copy=copy)

    assert len(copies) == 1
    assert sorted(diff.added) == [
        f'<{EX}{x}> <{EX}q> "{y}"^^<http://www.w3.org/2001/XMLSchema#integer> .' for x, y in ("a1", "b2")
    ]
    assert len(store) == 1
