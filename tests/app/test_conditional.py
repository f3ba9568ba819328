from __future__ import annotations

import pytest

from stemgraph.app.conditional import WEAK, entity_tag, matches, not_modified_headers


def test_a_tag_is_strong_and_the_same_for_the_same_parts() -> None:
    tag = entity_tag("release", "request")
    assert tag == entity_tag("release", "request")
    assert tag.startswith(b'"')


def test_parts_are_not_run_together() -> None:
    assert entity_tag("ab", "c") != entity_tag("a", "bc")


@pytest.mark.parametrize("header", [b'"x"', b'W/"x"', b'"y", "x"', b'"y" ,W/"x"', b"*"])
def test_a_header_that_names_the_tag_matches(header: bytes) -> None:
    assert matches(header, b'"x"')


@pytest.mark.parametrize("header", [None, b"", b'"y"', b"x", b'"xx"'])
def test_a_header_that_does_not_name_the_tag_does_not_match(header: bytes | None) -> None:
    assert not matches(header, b'"x"')


def test_not_modified_leaves_out_what_describes_a_body() -> None:
    headers = [
        (b"etag", b'"x"'),
        (b"content-length", b"3"),
        (b"content-type", b"text/plain"),
        (b"vary", b"Accept"),
    ]
    assert not_modified_headers(headers) == [(b"etag", b'"x"'), (b"vary", b"Accept")]


def test_a_weak_tag_is_compared_weakly() -> None:
    tag = WEAK + entity_tag("r1")
    assert matches(tag, tag)
    assert matches(b'"other", ' + tag.removeprefix(WEAK), tag)
    assert not matches(WEAK + entity_tag("r2"), tag)
