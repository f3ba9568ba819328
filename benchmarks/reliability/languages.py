"""The languages that strangers may send: documents that use all of their grammar, to be mutated."""

from __future__ import annotations

from typing import Final

from benchmarks.reliability.mutation import Language

_TERMS: Final = (
    b"<http://example.org/a>", b"<>", b"<#a>", b"<../a>", b'"x"@en', b'"1"^^<http://www.w3.org/2001/XMLSchema#integer>',
    b"_:b0", b".", b";", b",", b'"\\u00e9"', b'"""long\n"""',
)  # fmt: skip
_TURTLE_WORDS: Final = (
    *_TERMS, b"a", b"@prefix x: <urn:x:> .", b"PREFIX y: <urn:y:>", b"@base <urn:z> .", b"x:y", b":", b"[]", b"()",
    b"true", b"1.5e3", b"<<", b">>", b"<<(", b")>>", b"{|", b"|}", b"~", b"@version", b"'",
)  # fmt: skip
_TURTLE: Final = (
    b"""@prefix x: <http://example.org/> . @base <http://example.org/base/> .
x:a a x:B ; x:p "one"@en-GB , 'two' , \"\"\"three
lines\"\"\" ; x:q 1, -2.5, 3.0e7, true ; x:r [ x:s x:t ; x:u ( 1 2 [ x:v x:w ] ) ] .
<relative#it> x:p "1"^^<http://www.w3.org/2001/XMLSchema#integer> ; x:\\~name "\\u00e9\\n\\t" . # and a comment
""",
    b"""PREFIX : <urn:x:>
<< :a :b :c >> :d :e . :a :b :c {| :f :g |} . _:b1 :p _:b2 . [] :p () .
""",
    b"<urn:a> <urn:b> <urn:c> .\n",
)
_QUADS: Final = (
    b"""GRAPH <urn:g> { <urn:a> <urn:b> "c"@en . }\n""",
    b"""@prefix : <urn:x:> . { :a :b :c } :g { :a :b [ :c ( :d ) ] . } _:g { :a :b :c , :d ; a :e }\n""",
)
_LINES: Final = (
    b'<urn:a> <urn:b> "c\\u00e9\\n"@en-GB .\n_:b0 <urn:b> _:b1 . # comment\n<urn:a> <urn:b> "1"^^<urn:t> .\n',
    b"<< <urn:a> <urn:b> <urn:c> >> <urn:d> <urn:e> .\n<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .\n",
)
_JSON_LD: Final = (
    b"""{"@context": {"@vocab": "http://example.org/", "x": {"@id": "urn:x:", "@prefix": true}, "knows": {"@type":
"@id", "@container": "@set"}, "label": {"@container": "@language"}}, "@id": "x:a", "@type": ["B", "x:C"], "knows":
["x:b", {"@id": "_:c", "n": 1.5e3}], "label": {"en": "one", "de": "eins"}, "list": {"@list": [1, true, null, "x"]}}""",
    b"""{"@context": [{"@version": 1.1, "@base": "http://example.org/"}, {"p": {"@reverse": "urn:p"}, "i": {"@id":
"urn:i", "@container": ["@graph", "@index"]}}], "@graph": [{"@id": "a", "p": {"@id": "b"}, "i": {"k": {"urn:q":
{"@value": "v", "@type": "urn:t"}}}}, {"@included": [{"@id": "c", "@nest": {"urn:r": {"@set": []}}}]}]}""",
    b"""[{"@id": "urn:a", "urn:b": [{"@value": "c", "@language": "en", "@direction": "rtl"}, {"@id": "urn:c"}]}]""",
)
_RDF_XML: Final = (
    b"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE rdf:RDF [<!ENTITY x "http://example.org/">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://example.org/" xml:base="urn:b:">
  <x:A rdf:about="&x;a" x:p="v" xml:lang="en"><x:q rdf:resource="#r"/><x:l rdf:parseType="Literal"><b>1</b></x:l>
    <x:c rdf:parseType="Collection"><rdf:Description rdf:nodeID="n"/></x:c><x:r rdf:parseType="Resource"><x:s
    rdf:datatype="urn:t">1</x:s></x:r><rdf:li>one</rdf:li><x:t rdf:ID="s">&#233;&lt;</x:t></x:A>
</rdf:RDF>""",
    b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="urn:a"><p xmlns="urn:"
>c</p><!-- c --><?pi x?></rdf:Description></rdf:RDF>""",
)
_LAUGHS: Final = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
_CHUCKLES: Final = _LAUGHS[: _LAUGHS.index(b"<!ENTITY l4")]

SPARQL: Final = Language(
    "SPARQL",
    "application/sparql-query",
    (
        b"""PREFIX x: <urn:x:> SELECT DISTINCT ?s (COUNT(DISTINCT *) AS ?n) (GROUP_CONCAT(?l; SEPARATOR=", ") AS ?all)
WHERE { ?s a biolink:Disease ; rdfs:label ?l . OPTIONAL { ?s x:p/^x:q|!(x:r|^x:s)*/x:t+ ?o } FILTER(LANG(?l) = "en" &&
REGEX(?l, "^a.*b$", "i") || ?n IN (1, 2.5, 3e1) || NOT EXISTS { ?s x:u [] }) BIND(CONCAT(STR(?s), "x") AS ?b)
{ SELECT ?s { ?s ?p ?o } LIMIT 3 } UNION { VALUES (?s ?o) { (UNDEF 1) (<urn:a> "b"@en) } } MINUS { ?s x:v ?w } }
GROUP BY ?s HAVING(COUNT(*) > 1) ORDER BY DESC(?s) ?n LIMIT 10 OFFSET 2""",
        b"""CONSTRUCT { ?s ?p [ <urn:q> ( 1 2 ) ] } FROM <urn:g> FROM NAMED <urn:h> WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 5""",
        b"""ASK { << ?s ?p ?o >> ?q "x"^^<urn:t> . FILTER(isTRIPLE(TRIPLE(?s, ?p, ?o))) }""",
        b"""DESCRIBE <https://w3id.org/stemgraph/entity/autologous-hsct> ?x WHERE { ?x a ?y } LIMIT 1""",
        b"""SELECT * { ?s ?p ?o . FILTER(IF(BOUND(?s), COALESCE(1/0, xsd:integer(STRLEN(STR(?o)))), NOW() > ?o) = -1 * +2) } LIMIT 2""",
        b"""BASE <http://example.org/> PREFIX : <#> SELECT (SUM(?n * 2) AS ?t) (SAMPLE(?s) AS ?u) { ?s :p ?n } # done""",
    ),
    (
        *_TERMS, b"SELECT", b"*", b"WHERE", b"{", b"}", b"OPTIONAL", b"UNION", b"MINUS", b"GRAPH", b"FILTER(", b"BIND(", b"AS ?x)",
        b"VALUES", b"GROUP BY", b"HAVING", b"ORDER BY", b"LIMIT 1", b"OFFSET", b"FROM", b"FROM NAMED", b"SERVICE", b"SERVICE SILENT",
        b"?s", b"$s", b"a", b"EXISTS", b"NOT", b"IN", b"REGEX(", b"REPLACE(", b"COUNT(*)", b"GROUP_CONCAT(", b"DISTINCT", b"REDUCED",
        b"LOAD <http://127.0.0.1:9/>", b"INSERT DATA {", b"DELETE WHERE", b"CLEAR ALL", b"LATERAL", b"<<", b">>", b"^", b"|", b"/",
        b"!", b"+", b"&&", b"||", b"=", b"UUID()", b"RAND()", b"CONSTRUCT", b"ASK", b"DESCRIBE", b"BASE <urn:>", b"PREFIX x: <urn:x:>",
        b"xsd:dateTime(", b'"2024-02-30T25:00:00Z"^^xsd:dateTime', b'"(a+)+$"', b"STRDT(", b"SUBSTR(?s, -1, 1e99)", b"UNDEF",
    ),
    (
        (b"ASK ", b"{", b"?s ?p ?o", b"}", b""),
        (b"ASK { FILTER(", b"(", b"1", b")", b") }"),
        (b"ASK { FILTER(", b"!", b"1", b"", b") }"),
        (b"ASK { FILTER(1", b"+1", b"", b"", b") }"),
        (b"ASK { FILTER(1", b"-(1", b"", b")", b") }"),
        (b"ASK { ?s ", b"(", b"<urn:p>", b")", b" ?o }"),
        (b"ASK { ?s <urn:p>", b"/<urn:p>", b"", b"", b" ?o }"),
        (b"ASK { ?s ", b"^", b"<urn:p>", b"", b" ?o }"),
        (b"ASK { ?s ?p ", b"[ ?p ", b"?o", b"]", b" }"),
        (b"ASK { ?s ?p ", b"(", b"1", b")", b" }"),
        (b"ASK { ", b"{ SELECT * ", b"{}", b"}", b" }"),
        (b"ASK { ", b"OPTIONAL {", b"", b"}", b" }"),
        (b"ASK { {}", b" UNION {}", b"", b"", b" }"),
        (b"ASK { ", b"<<", b"?s ?p ?o", b">>", b" ?p ?o }"),
        (b"ASK { FILTER(", b"EXISTS{FILTER(", b"1", b")}", b") }"),
    ),
)  # fmt: skip

TURTLE: Final = Language(
    "Turtle",
    "text/turtle",
    _TURTLE,
    _TURTLE_WORDS,
    (
        (b"<urn:a> <urn:b> ", b"(", b"1", b")", b" ."),
        (b"<urn:a> <urn:b> ", b"[ <urn:b> ", b"1", b"]", b" ."),
        (b"", b"<< ", b"<urn:a> <urn:b> <urn:c>", b" >> <urn:b> <urn:c>", b" ."),
        (b"<urn:a> <urn:b> <urn:c> ", b"{| <urn:b> <urn:c> ", b"", b"|}", b" ."),
        (b"<urn:a> <urn:b> <urn:c>", b" ; <urn:b> <urn:c>", b"", b"", b" ."),
    ),
)
TRIG: Final = Language(
    "TriG",
    "application/trig",
    (*_QUADS, *_TURTLE),
    (*_TURTLE_WORDS, b"GRAPH", b"{", b"}", b"GRAPH <urn:g> {"),
    (*TURTLE.nestings, (b"<urn:g> ", b"{", b"<urn:a> <urn:b> <urn:c>", b"}", b"")),
)
N_TRIPLES: Final = Language(
    "N-Triples",
    "application/n-triples",
    _LINES,
    _TERMS,
    (
        (b"", b"<< ", b"<urn:a> <urn:b> <urn:c>", b" >> <urn:b> <urn:c>", b" .\n"),
        (b"<urn:a> <urn:b> ", b"<<( <urn:a> <urn:b> ", b"<urn:c>", b" )>>", b" .\n"),
    ),
)
N_QUADS: Final = Language(
    "N-Quads",
    "application/n-quads",
    tuple(each.replace(b" .\n", b" <urn:g> .\n") for each in _LINES),
    _TERMS,
    N_TRIPLES.nestings,
)
JSON_LD: Final = Language(
    "JSON-LD",
    "application/ld+json",
    _JSON_LD,
    (
        b"{", b"}", b"[", b"]", b",", b":", b"null", b"true", b"1e999", b'"@context"', b'"@id"', b'"@graph"', b'"@list"', b'"@type"',
        b'"@context": "http://127.0.0.1:9/c"', b'"@import": "http://127.0.0.1:9/c"', b'"@reverse"', b'"@container"', b'"@propagate"',
        b'"@protected": true', b'"@nest"', b'"@json"', b'"@none"', b'"\\ud800"', b'"@vocab": ""', b"-0", b"1.0000000000000000001",
    ),
    (
        (b"", b"[", b"1", b"]", b""),
        (b"", b'{"urn:a":', b"1", b"}", b""),
        (b"", b'{"@graph":[', b"{}", b"]}", b""),
        (b'{"urn:a":', b'{"@list":[', b"1", b"]}", b"}"),
        (b'{"@context":', b"[", b"{}", b"]", b"}"),
        (b'{"@context":{"a":', b'{"@context":{"a":', b'"urn:a"', b"}}", b"}}"),
    ),
)  # fmt: skip
RDF_XML: Final = Language(
    "RDF/XML",
    "application/rdf+xml",
    (
        *_RDF_XML,
        b'<!DOCTYPE r [<!ENTITY l0 "lol">' + _CHUCKLES + b']><r xmlns="urn:">&l3;</r>',
        b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/d" [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><r xmlns="urn:"/>',
    ),
    (
        b"<", b"/>", b">", b"</", b"<!DOCTYPE r [", b"]>", b'<!ENTITY e SYSTEM "file:///etc/passwd">', b"&e;", b"&#0;", b"&#xD800;",
        b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?xml version='1.1'?>", b'xmlns:x="urn:x:"', b'rdf:about="a"', b'rdf:parseType="Literal"',
        b"<rdf:li/>", b'rdf:ID="1"', b'rdf:nodeID=""', b'xml:base="http://["', b"x:y", b'xml:lang="-"', b'rdf:bagID="a"',
    ),
    (
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="urn:">', b"<a><b>", b"", b"</b></a>", b"</rdf:RDF>"),
        (b'<x xmlns="urn:" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><p r:parseType="Literal">', b"<a>", b"", b"</a>", b"</p></x>"),
        (b"<!DOCTYPE x [", b"<!ENTITY % a '", b"", b"'>", b"]><x/>"),
        (b'<!DOCTYPE r [<!ENTITY l0 "lol">' + _LAUGHS + b']><r xmlns="urn:">', b"&l9;", b"", b"", b"</r>"),
    ),
)  # fmt: skip

RDF: Final = (TURTLE, TRIG, N_TRIPLES, N_QUADS, JSON_LD, RDF_XML)
