from __future__ import annotations

import asyncio

import pytest
from fastapi import Request

from stemgraph.app.errors import PayloadTooLargeError
from stemgraph.app.request_body import receive_bytes


def received(parts: list[bytes], **headers: str) -> tuple[bytes, int]:
    """What is received of a body of at most ten bytes, and how many parts were taken for it."""
    left = list(parts)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    scope = {
        "type": "http",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    try:
        body = asyncio.run(receive_bytes(Request(scope, receive), 10, mend="send less"))
    except PayloadTooLargeError:
        body = b"refused"
    return body, len(parts) - len(left)


def test_a_body_is_received_in_all_its_parts() -> None:
    assert received([b"12345", b"67890"], content_length="10") == (b"1234567890", 2)
    assert received([b"12345", b""]) == (b"12345", 2)


def test_one_that_says_it_is_too_long_is_refused_before_any_of_it_is_taken() -> None:
    assert received([b"12345"], content_length="11") == (b"refused", 0)


@pytest.mark.parametrize("headers", [{}, {"content_length": "1"}, {"content_length": "many"}])
def test_one_that_is_too_long_is_refused_whatever_it_said(headers: dict[str, str]) -> None:
    assert received([b"12345", b"678901", b"2"], **headers) == (b"refused", 2)
