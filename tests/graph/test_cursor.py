"""Cursors say where a page begins, and to which query and release they belong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemgraph.graph import CursorError
from stemgraph.graph.cursor import decode_cursor, encode_cursor


@given(st.text(), st.text(), st.integers(0, 2**32 - 1))
def test_a_cursor_gives_back_its_offset(query: str, release: str, offset: int) -> None:
    assert decode_cursor(encode_cursor(query, release, offset), query, release) == offset


@given(st.text(), st.text())
def test_a_cursor_of_another_query_is_refused(query: str, other: str) -> None:
    if query != other:
        with pytest.raises(CursorError, match="another query"):
            decode_cursor(encode_cursor(query, "release", 5), other, "release")


def test_a_cursor_of_another_release_is_refused() -> None:
    with pytest.raises(CursorError, match="another release"):
        decode_cursor(encode_cursor("query", "one", 5), "query", "two")


@given(st.text())
def test_garbled_cursors_are_refused_and_never_crash(cursor: str) -> None:
    with pytest.raises(CursorError):
        decode_cursor(cursor, "query", "release")


def test_cursors_can_stand_in_an_address() -> None:
    for offset in range(300):
        assert encode_cursor("query", "release", offset).replace("-", "").replace("_", "").isalnum()
