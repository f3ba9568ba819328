"""What the guard lets pass, and what it refuses, where."""

from __future__ import annotations

import time

import pytest

from stemgraph.app.jail.guard import CheckedQuery, check
from stemgraph.graph.errors import QueryError, QueryForbiddenError

HERE = "https://w3id.org/stemgraph/graph/curated"
REMOTE = "<http://evil.example/>"


def guard(query: str) -> CheckedQuery:
    """Check against one graph and one prefix."""
    return check(query, graphs=[HERE], prefixes={"sgg": "https://w3id.org/stemgraph/graph/"})


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ SERVICE {REMOTE} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ service silent {REMOTE} {{ ?s ?p ?o }} }}",
        "SELECT * { SERVICE ?where { ?s ?p ?o } }",
        f"SELECT * {{ SERVICESILENT{REMOTE}{{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s ?p trueSERVICE{REMOTE}{{ ?s ?p ?o }} }}",
        "PREFIX : <http://evil.example/> SELECT * { ?s ?p trueSERVICE:x{ ?s ?p ?o } }",
        "PREFIX : <http://evil.example/> PREFIX SERVICE: <http://e/> ASK { ?s ?p 1 . SERVICE:x{} }",
        f"PREFIX ex: <http://host:80> SELECT * {{ ?s ?p ex:SERVICE{REMOTE}{{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICE#\n{REMOTE}#c\n{{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s ?p ?o FILTER(?s<?o#>'''\n) SERVICE {REMOTE} {{ ?a ?b ?c }} #'''\n }}",
        "SELECT * { ?s ?p ?o FILTER(?s<?o#>'''\n) trueSERVICE:x{ ?a ?b ?c } #'''\n }",
        f"SELECT * {{ ?s <http://x/\\u0041#'''> ?o . SERVICE {REMOTE} {{ ?a ?b ?c }} #'''\n }}",
        f"PREFIX ex: <http://x/> SELECT * {{ ?s ex:a\\'b ?o . SERVICE {REMOTE} {{ ?a ?b ?c }} #'\n }}",
        f"PREFIX ex: <http://x/> SELECT * {{ ?s ex:a\\#b ?o . SERVICE {REMOTE} {{ ?a ?b ?c }} }}",
    ],
)
def test_every_way_to_write_service_is_refused(query: str) -> None:
    with pytest.raises(QueryForbiddenError, match="SERVICE is refused"):
        guard(query)


def test_a_string_that_only_oxigraph_would_end_early_is_refused() -> None:
    with pytest.raises(QueryError, match="does not end, or holds a bad escape"):
        guard(f'SELECT * {{ VALUES ?x {{ """a" }} SERVICE {REMOTE} {{ ?a ?b ?c }} #\\x"""\n }}')


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "SERVICE <http://x> { ?s ?p ?o }" }',
        "SELECT * { ?s ?p '''a ' SERVICE <http://x> { \" ''' }",
        "SELECT * { ?s ?p ?o } # SERVICE <http://x> { ?s ?p ?o }",
        "SELECT * { ?s <http://x/SERVICE> ?service . { ?service ?p ?o } }",
        "PREFIX ex: <http://x/> SELECT * { ?s a ex:HealthService . OPTIONAL { ?s ex:service ?o } }",
        'SELECT * { ?s ?p "load"@load , "it\\"s SERVICE" }',
        "SELECT * { ?s ?p ?o FILTER(?s < ?o && ?o > ?s) }",
        "PREFIX a: <http://x/#> BASE <http://y/> ASK { <#b> a:c 'd' }",
    ],
)
def test_the_word_service_is_fine_where_it_is_no_clause(query: str) -> None:
    assert guard(query).text == query


def test_a_refusal_names_line_and_column() -> None:
    with pytest.raises(QueryForbiddenError) as caught:
        guard(f"SELECT *\nWHERE {{ ?é ?p 'ü' .\n  SERVICE {REMOTE} {{}} }}")
    assert (caught.value.line, caught.value.column) == (3, 3)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <http://a> <http://b> <http://c> }",
        "PREFIX insert: <http://x/> DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://evil.example/>",
        "BASE <http://select/> CLEAR ALL",
        "# SELECT\nDROP ALL",
        "WITH <http://g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_every_form_of_update_is_refused(update: str) -> None:
    with pytest.raises(QueryForbiddenError, match="this endpoint answers queries only"):
        guard(update)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("PREFIX ask: <http://x/> SELECT * {}", "select"),
        ("selectDISTINCT?x{}", "select"),
        ("ASK {}", "ask"),
        ("CONSTRUCT WHERE {}", "construct"),
        ("# a\nBASE <http://select/>\nDESCRIBE <x>", "describe"),
    ],
)
def test_the_form_is_the_first_keyword_after_the_prologue(query: str, form: str) -> None:
    assert guard(query).form == form


@pytest.mark.parametrize("query", ["", "  # nothing", "hello", "PREFIX a: <http://x/>", "{}"])
def test_what_is_no_query_is_refused_with_the_four_forms(query: str) -> None:
    with pytest.raises(QueryError, match="begin it with SELECT, ASK, CONSTRUCT or DESCRIBE"):
        guard(query)


@pytest.mark.parametrize(
    "clause",
    [
        f"FROM <{HERE}>",
        "FROM NAMED sgg:curated",
        "FROM sgg:curated",
        f"FROM NAMED <{HERE}> FROM <{HERE}>",
    ],
)
def test_a_graph_that_is_here_may_be_named_by_from(clause: str) -> None:
    assert guard(f"BASE <http://x/> SELECT * {clause} {{ ?s ?p ?o }}").has_dataset


@pytest.mark.parametrize(
    "clause", ["FROM <http://nowhere/>", "FROM NAMED <http://nowhere/>", "FROM sgg:nowhere"]
)
def test_a_graph_that_is_not_here_is_refused_with_those_that_are(clause: str) -> None:
    with pytest.raises(QueryForbiddenError, match=f"nowhere.*name one of <{HERE}>") as caught:
        guard(f"SELECT *\n{clause} {{ ?s ?p ?o }}")
    assert caught.value.line == 2


def test_nesting_is_limited() -> None:
    assert guard("SELECT * " + "{" * 100 + "}" * 100).form == "select"
    with pytest.raises(QueryError, match="nested more than 100 levels deep") as caught:
        guard("SELECT * " + "{" * 5000 + "}" * 5000)
    assert (caught.value.line, caught.value.column) == (1, 110)


@pytest.mark.parametrize("sign", ["!", "+1", "^", "/<urn:p>", " UNION {}", "<<"])
def test_a_million_signs_are_refused_before_they_are_read(sign: str) -> None:
    begun = time.process_time()
    with pytest.raises(QueryError, match=r"words and signs|in a row|triple patterns") as refusal:
        guard("ASK { ?s " + sign * 1_000_000)
    assert refusal.value.line == 1
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("text", ["'a", '"a\nb"', "'''a''", '"\\x"', '"\\uD800"'])
def test_a_string_that_does_not_end_is_refused_where_it_begins(text: str) -> None:
    with pytest.raises(QueryError, match="does not end") as caught:
        guard(f"SELECT * {{ ?s ?p {text} }}")
    assert (caught.value.line, caught.value.column) == (1, 18)


@pytest.mark.parametrize("function", ["NOW()", "rand()", "UUID()", "StrUUID()"])
def test_a_query_that_answers_otherwise_each_time_is_marked(function: str) -> None:
    assert guard(f"SELECT ({function} AS ?x) {{}}").varies
    assert not guard("SELECT ?now { ?now ?rand 'now' }").varies


def test_a_megabyte_of_hard_text_is_checked_in_seconds() -> None:
    begun = time.monotonic()
    for piece in (
        "<a#'",
        "'\\'",
        '"""',
        "service",
        "service#\n",
        "a:",
        "a.",
        "a-",
        "<",
        "\\u0041",
        "#'<a#'>\n",
    ):
        with pytest.raises(QueryError):
            guard("x " + piece * (1_000_000 // len(piece)))
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ASK { FILTER(" + "!" * 101 + "true) }", "operators stand in a row"),
        ("ASK { FILTER(" + "- " * 101 + "1 < 2) }", "operators stand in a row"),
        ("ASK { ?s " + "^" * 101 + "<urn:p> ?o }", "operators stand in a row"),
        ("ASK { " + "?s ?p ?o . " * 251 + "}", "triple patterns"),
        ("ASK { ?s ?p " + ", ".join(["?o"] * 252) + " }", "triple patterns"),
        ("ASK { " + "OPTIONAL { ?s ?p ?o } " * 251 + "}", "triple patterns"),
        ("ASK { {}" + " UNION {}" * 251 + " }", "triple patterns"),
        ("ASK { VALUES ?x { " + "1 " * 50_001 + "} }", "words and signs"),
    ],
)
def test_what_takes_the_planner_too_long_is_refused_at_its_place(query: str, found: str) -> None:
    with pytest.raises(QueryError, match=found) as caught:
        guard(query)
    assert caught.value.line == 1
    assert caught.value.column


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { VALUES ?x { " + "<urn:x> " * 5000 + "} ?x ?p ?o }",
        "SELECT * { VALUES (?x ?y) { " + "(1 2) " * 5000 + "} ?x ?p ?y }",
        "ASK { ?s ?p ?o FILTER(?o IN (" + ", ".join(["1"] * 5000) + ")) }",
        "ASK { ?s ?p ?o . FILTER(!(!(?o = -1 + -2))) }",
        "ASK { " + "?s ?p ?o . " * 200 + "}",
    ],
)
def test_long_lists_and_ordinary_queries_pass(query: str) -> None:
    assert guard(query).text == query


@pytest.mark.parametrize("iri", ["http://[", "//[x", "http://[::1/", "http://a\u2100b/"])
@pytest.mark.parametrize("base", ["", "BASE <http://here.example/> ", "BASE <http://[/> "])
def test_iris_that_cannot_be_resolved_are_left_to_the_parser(base: str, iri: str) -> None:
    query = f"{base}PREFIX e: <{iri}> ASK {{ ?s ?p e:x }}"
    assert guard(query).text == query


@pytest.mark.parametrize("base", ["", "BASE <http://here.example/> ", "BASE <http://[/> "])
def test_a_graph_whose_iri_cannot_be_resolved_is_not_here(base: str) -> None:
    with pytest.raises(QueryForbiddenError, match="is not here"):
        guard(f"{base}ASK FROM <http://[> {{ ?s ?p ?o }}")
