from __future__ import annotations

import pytest

from stemgraph.app.errors import MalformedRequestError, NotAcceptableError
from stemgraph.app.negotiation import JSON_AND_RDF, negotiate


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "application/json"),
        ("", "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/turtle"),
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle;Q=0.9", "text/turtle"),
        ('text/turtle;note="a, b/c;q=0"', "text/turtle"),
        ("text/turtle;q=0.5, application/ld+json;q=0.9", "application/ld+json"),
        ("application/n-triples;q=0.4, text/turtle;q=0.9", "text/turtle"),
        ("application/json;q=0, */*", "text/turtle"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"', "application/ld+json"),
    ],
)
def test_the_preferred_offer_is_chosen(accept: str | None, expected: str) -> None:
    assert negotiate(accept, JSON_AND_RDF) == expected


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "*/*;q=0"])
def test_what_is_offered_is_told_when_nothing_fits(accept: str) -> None:
    with pytest.raises(NotAcceptableError) as refusal:
        negotiate(accept, ("application/json",))
    assert refusal.value.offers == ("application/json",)
    assert "application/json" in (refusal.value.mend or "")


@pytest.mark.parametrize("accept", ["nonsense", "a/b/c", "text/turtle, ;", "x" * 3000])
def test_an_accept_header_that_does_not_parse_is_malformed(accept: str) -> None:
    with pytest.raises(MalformedRequestError) as refusal:
        negotiate(accept, JSON_AND_RDF)
    assert refusal.value.place == "Accept"
