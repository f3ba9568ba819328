"""What strangers upload, parsed where it can hurt nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from tests.app.jail.asking import Asking, RunWith

from stemgraph.app.errors import QueryEndedError
from stemgraph.app.jail.refusals import refusal, told
from stemgraph.graph.errors import BadRequestError, FormatError, QueryError, StemgraphError

Parse = Callable[..., tuple[dict[str, Any], bytes]]


@pytest.fixture
def parse(run_with: RunWith) -> Parse:
    """Parse a document of a media type."""

    def parsing(body: bytes, media_type: str = "text/turtle", **more: Any) -> Any:
        payload = {"media_type": media_type, **more}
        return run_with(lambda jail: jail.jail.run("parse", payload, body=body, client="someone", seconds=60))

    return parsing


def test_every_format_becomes_the_same_lines(parse: Parse) -> None:
    line = b'<http://x/s> <http://x/p> "v" <http://x/g> .\n'
    documents = {
        "text/turtle": b'<http://x/s> <http://x/p> "v" .',
        "application/n-triples": b'<http://x/s> <http://x/p> "v" .',
        "application/ld+json": b'{"@id": "http://x/s", "http://x/p": "v"}',
        "application/rdf+xml": b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="http://x/s"><p xmlns="http://x/">v</p></rdf:Description></rdf:RDF>',
        "application/trig": b'<http://x/s> <http://x/p> "v" .',
        "application/n-quads": b'<http://x/s> <http://x/p> "v" <http://x/g> .',
    }
    for media_type, body in documents.items():
        answer, lines = parse(body, media_type, graph="http://x/g")
        assert lines == line, media_type
        assert answer["quads"] == 1


def test_a_document_that_does_not_parse_is_refused_at_its_place(parse: Parse) -> None:
    with pytest.raises(FormatError, match="does not parse") as caught:
        parse(b"<http://x/s>\n  <http://x/p> oops .")
    assert caught.value.place is not None
    assert "line 2" in caught.value.place


def test_blank_nodes_are_refused_or_reported(parse: Parse) -> None:
    document = b"<http://x/s> <http://x/p> [ <http://x/q> 1 ] ."
    with pytest.raises(FormatError, match="2 statements hold blank nodes"):
        parse(document)
    answer, _ = parse(document, blank_nodes="keep")
    assert answer["blank_total"] == 2


def test_an_unknown_media_type_is_refused(parse: Parse) -> None:
    with pytest.raises(BadRequestError, match="is not read"):
        parse(b"", "text/plain")


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/ld+json", b'{"@context": "http://127.0.0.1:9/context", "@id": "http://x/s", "p": 1}'),
        (
            "application/rdf+xml",
            b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            b'<rdf:Description rdf:about="http://x/s"><p xmlns="http://x/">&e;</p></rdf:Description></rdf:RDF>',
        ),
    ],
)
def test_nothing_that_a_document_names_is_fetched(parse: Parse, media_type: str, body: bytes) -> None:
    with pytest.raises(FormatError):
        parse(body, media_type)


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/turtle", b"<http://x/s> <http://x/p> " + b"[ <http://x/p> " * 1_000_000),
        ("text/turtle", b"<http://x/s> <http://x/p> " + b"(" * 1_000_000),
        ("application/ld+json", b'{"@graph":' + b"[" * 1_000_000),
        ("application/rdf+xml", b"<a>" * 1_000_000),
    ],
)
def test_a_million_levels_end_at_most_the_worker(parse: Parse, media_type: str, body: bytes) -> None:
    with pytest.raises((FormatError, QueryEndedError)):
        parse(body, media_type)


def test_a_document_does_not_wait_for_a_long_one(run_with: RunWith) -> None:
    async def work(jail: Asking) -> bool:
        def parse(body: bytes, client: str) -> Any:
            payload = {"media_type": "text/turtle"}
            return jail.jail.run("parse", payload, body=body, client=client, seconds=600)

        long = asyncio.create_task(
            parse(b"<http://x/s> <http://x/p> <http://x/o> .\n" * 4_000_000, "another")
        )
        await asyncio.sleep(0)
        answer, _ = await parse(b"<http://x/s> <http://x/p> 1 .", "someone")
        assert answer["quads"] == 1
        ended = long.done()
        long.cancel()
        await asyncio.gather(long, return_exceptions=True)
        return ended

    assert not run_with(work)


def test_blank_nodes_are_counted_and_the_first_are_shown(parse: Parse) -> None:
    document = b"".join(b"<http://x/s> <http://x/p> _:b%d .\n" % number for number in range(30))

    answer, lines = parse(document, "application/n-triples", blank_nodes="keep")

    assert (answer["quads"], answer["blank_total"], len(answer["blank"])) == (30, 30, 20)
    assert lines.count(b"\n") == 30


def test_a_refusal_arrives_as_it_was_raised(run_with: RunWith) -> None:
    async def work(jail: Asking) -> int:
        return len(jail.jail.process_ids)

    assert run_with(work) == 1  # a tool's workers start when it is first asked
    error = QueryError("no", line=3, column=4, mend="say yes")
    found = refusal(told(error))
    assert isinstance(found, QueryError)
    assert (found.message, found.line, found.column, found.mend) == ("no", 3, 4, "say yes")
    assert type(refusal({"error": "SystemExit"})) is StemgraphError
