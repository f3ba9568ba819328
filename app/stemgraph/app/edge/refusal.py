"""Refusals of the edge: whole answers that end their connection, made once."""

from __future__ import annotations

from typing import Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from stemgraph.app.problems import MEDIA_TYPE, Problem


class Refusal:
    """One kind of refusal, as the bytes that are sent after the status line's and date's."""

    def __init__(
        self, status: int, name: str, title: str, detail: str, mend: str, *, wait: bool = False
    ) -> None:
        self.status = status
        self.name = name
        body = Problem(status, name, title, detail, mend=mend).to_bytes()
        self.start = STATUS_LINE[status]
        self.rest = (
            f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\ncache-control: no-store\r\n"
            "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n"
            "x-content-type-options: nosniff\r\naccess-control-allow-origin: *\r\n"
            f"connection: close\r\n{'retry-after: 1' + chr(13) + chr(10) if wait else ''}\r\n"
        ).encode() + body

    def to_bytes(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        """The answer, with the headers that every answer of the server has."""
        return b"".join((self.start, *(name + b": " + value + b"\r\n" for name, value in headers), self.rest))


MALFORMED: Final = Refusal(
    400,
    "malformed-request",
    "The request cannot be read",
    "what was sent is no HTTP/1.1 request, or one that two servers could read in two ways",
    "send one Host, one Content-Length or chunks, and headers without line breaks",
)
UPGRADE: Final = Refusal(
    400,
    "malformed-request",
    "The request cannot be read",
    "an Upgrade with a body is not taken",
    "send it without the Upgrade header",
)
SLOW: Final = Refusal(
    408,
    "request-timeout",
    "The request took too long to arrive",
    "the whole request must arrive within its time, however steadily it comes",
    "send it faster, or in smaller requests",
)
BODY_TOO_LARGE: Final = Refusal(
    413,
    "payload-too-large",
    "The request body is too large",
    "the body has more bytes than this service takes",
    "send less in one request",
)
TARGET_TOO_LONG: Final = Refusal(
    414,
    "uri-too-long",
    "The address is too long",
    "the request line has more bytes than this service takes",
    "send the query in the body of a POST",
)
HEAD_TOO_LARGE: Final = Refusal(
    431,
    "request-header-fields-too-large",
    "The headers are too large",
    "the headers are more, or have more bytes, than this service takes",
    "send fewer and shorter headers",
)
CROWDED: Final = Refusal(
    503,
    "unavailable",
    "The service cannot answer now",
    "too many connections are open",
    "wait a moment, and keep fewer connections open",
    wait=True,
)
STOPPING: Final = Refusal(
    503,
    "unavailable",
    "The service cannot answer now",
    "the service is being stopped",
    "try again in a moment",
    wait=True,
)
