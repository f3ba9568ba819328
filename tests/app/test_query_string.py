from __future__ import annotations

import re
from urllib.parse import quote, quote_plus, unquote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemgraph.app.errors import MalformedRequestError
from stemgraph.app.query_string import LONGEST_QUERY, query_pairs


def test_pairs_are_decoded_in_order() -> None:
    assert query_pairs(b"q=stem+cell&q=a%26b&x=%C3%A9&y") == [
        ("q", "stem cell"),
        ("q", "a&b"),
        ("x", "é"),
        ("y", ""),
    ]


def test_an_empty_query_has_no_pairs() -> None:
    assert query_pairs(b"") == []


@pytest.mark.parametrize("query", [b"q=%zz", b"q=%", b"q=%f", b"%=1", b"q=%ff", b"q=%ED%A0%80", b"q=\xff"])
def test_broken_escapes_and_broken_utf8_are_refused(query: bytes) -> None:
    with pytest.raises(MalformedRequestError):
        query_pairs(query)


def test_an_endless_query_is_refused() -> None:
    with pytest.raises(MalformedRequestError, match="longer"):
        query_pairs(b"q=" + b"a" * LONGEST_QUERY)


@given(st.text(), st.text())
def test_what_any_client_encodes_is_read_as_it_was(name: str, value: str) -> None:
    sent = [(name, value), ("q", "1"), (value, name)]
    for encode in (quote_plus, quote):
        query = urlencode(sent, quote_via=encode).encode()
        if len(query) <= LONGEST_QUERY:
            assert query_pairs(query) == sent


@given(st.lists(st.sampled_from([*map(chr, range(0x21, 0x7F)), "%0A", "%0d", "%20", "%3D", "%c3%A9"])))
def test_what_is_not_encoded_stays_as_it_is(pieces: list[str]) -> None:
    text = "".join(pieces).replace("&", "").encode()
    if not re.search(rb"%(?![0-9A-Fa-f]{2})", text):
        try:
            expected = unquote_plus(text.decode(), errors="strict")
        except UnicodeDecodeError:
            return
        assert query_pairs(b"q=" + text) == [("q", expected)]
