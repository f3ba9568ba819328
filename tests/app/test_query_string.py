from __future__ import annotations

import pytest

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
