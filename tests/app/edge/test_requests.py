"""What is read as a request, and what is refused."""

from __future__ import annotations

import pytest
from tests.app.edge.conftest import Edge, is_ended, read_reply

GET = b"GET / HTTP/1.1\r\nHost: here\r\n"
POST = b"POST / HTTP/1.1\r\nHost: here\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


def test_a_request_is_answered_and_its_connection_kept(edge: Edge) -> None:
    with edge.connect() as connection:
        for _ in range(3):
            connection.sendall(GET + b"\r\n")
            reply = read_reply(connection)
            assert (reply.status, reply.json["path"]) == (200, "/")
            assert reply.header("connection") == []


def test_an_answer_may_come_in_parts(edge: Edge) -> None:
    with edge.connect() as connection:
        for _ in range(2):
            connection.sendall(b"GET /parts HTTP/1.1\r\nHost: here\r\n\r\n")
            assert read_reply(connection).body == b"abcdef"


def test_an_answer_that_is_shorter_than_it_says_ends_the_connection(edge: Edge) -> None:
    with edge.connect() as connection:
        connection.sendall(b"GET /short HTTP/1.1\r\nHost: here\r\n\r\n")
        assert is_ended(connection)


def test_head_and_body_come_together_and_to_head_the_head_alone(edge: Edge) -> None:
    with edge.connect() as connection:
        connection.sendall(b"HEAD / HTTP/1.1\r\nHost: here\r\n\r\n")
        head = connection.recv(65536)
        assert head.endswith(b"\r\n\r\n")
        connection.sendall(GET + b"\r\n")
        assert connection.recv(65536).endswith(b"}")


def test_requests_that_come_at_once_are_answered_in_their_order(edge: Edge) -> None:
    with edge.connect() as connection:
        paths = [f"/{number}" for number in range(200)]
        connection.sendall(b"".join(f"GET {path} HTTP/1.1\r\nHost: here\r\n\r\n".encode() for path in paths))
        data = b""
        while data.count(b'"path"') < len(paths):
            data += connection.recv(65536)
    places = [data.index(f'"{path}"'.encode()) for path in paths]
    assert places == sorted(places)


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_body_arrives_whole_however_it_is_cut(edge: Edge, size: int) -> None:
    body = b"x" * 9000
    sent = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in _parts(body, size)) + b"0\r\n\r\n"
    assert edge.ask(CHUNKED + sent).json["body"] == 9000
    assert edge.ask(POST + b"Content-Length: 9000\r\n\r\n" + body).json["body"] == 9000


def _parts(body: bytes, size: int) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


def test_who_waits_to_be_asked_for_the_body_is_asked(edge: Edge) -> None:
    with edge.connect() as connection:
        connection.sendall(POST + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        assert read_reply(connection).status == 100
        connection.sendall(b"hello")
        assert read_reply(connection).json["body"] == 5


def test_who_waits_in_vain_to_be_asked_is_not_taken_for_the_next_request(edge: Edge) -> None:
    with edge.connect() as connection:
        connection.sendall(
            b"POST /early HTTP/1.1\r\nHost: here\r\nContent-Length: 50\r\nExpect: 100-continue\r\n\r\n"
        )
        assert read_reply(connection).status == 200
        assert is_ended(connection)


MALFORMED = {
    "both lengths": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "both, the other way": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "a list of lengths": POST + b"Content-Length: 5, 5\r\n\r\nhello",
    "a signed length": POST + b"Content-Length: +5\r\n\r\nhello",
    "an endless length": POST + b"Content-Length: 99999999999999999999999\r\n\r\nhello",
    "an unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "two codings": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunks within": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a chunk of no size": CHUNKED + b"xyz\r\nhello\r\n0\r\n\r\n",
    "a chunk of negative size": CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n",
    "a chunk of endless size": CHUNKED + b"FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
    "a chunk longer than it says": CHUNKED + b"5\r\nhelloXX0\r\n\r\n",
    "a chunk ended by LF": CHUNKED + b"5\nhello\r\n0\r\n\r\n",
    "a folded header": GET + b"X-A: b\r\n c\r\n\r\n",
    "a folded first header": b"GET / HTTP/1.1\r\n Host: here\r\n\r\n",
    "NUL in a header": GET + b"X-A: b\x00c\r\n\r\n",
    "NUL in a name": GET + b"X\x00A: b\r\n\r\n",
    "NUL in the path": b"GET /\x00 HTTP/1.1\r\nHost: here\r\n\r\n",
    "CR alone": GET + b"X-A: b\rc\r\n\r\n",
    "LF alone": b"GET / HTTP/1.1\nHost: here\n\n",
    "two hosts": GET + b"Host: there\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "no version of HTTP that is spoken": b"GET / HTTP/2.0\r\nHost: here\r\n\r\n",
    "no method": b"FETCH / HTTP/1.1\r\nHost: here\r\n\r\n",
    "a space in the path": b"GET /a b HTTP/1.1\r\nHost: here\r\n\r\n",
    "bytes that are no ASCII in the path": b"GET /\xff HTTP/1.1\r\nHost: here\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "all resources": b"OPTIONS * HTTP/1.1\r\nHost: here\r\n\r\n",
    "a tunnel": b"CONNECT there:80 HTTP/1.1\r\nHost: here\r\n\r\n",
    "an upgrade with a body": POST + b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\nhello",
    "blank lines without end": b"\r\n" * 3000,
}


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_could_be_read_in_two_ways_is_refused_and_the_connection_ends(edge: Edge, sent: bytes) -> None:
    with edge.connect() as connection:
        connection.sendall(sent)
        reply = read_reply(connection)
        assert (reply.status, reply.header("content-type")) == (400, ["application/problem+json"])
        assert reply.json["type"] == "https://w3id.org/stemgraph/problem/malformed-request"
        assert reply.header("connection") == ["close"]
        assert len(reply.header("date")) == 1
        assert is_ended(connection)


def test_what_follows_a_refused_request_is_not_answered(edge: Edge) -> None:
    with edge.connect() as connection:
        connection.sendall(MALFORMED["both lengths"] + GET + b"\r\n")
        assert read_reply(connection).status == 400
        assert is_ended(connection)
    with edge.connect() as connection:
        connection.sendall(GET + b"\r\n" + MALFORMED["two hosts"] + GET + b"\r\n")
        assert read_reply(connection).status == 200
        assert is_ended(connection)


def test_trailers_do_not_join_the_headers(edge: Edge) -> None:
    reply = edge.ask(CHUNKED + b"5\r\nhello\r\n0\r\nAuthorization: Bearer x\r\n\r\n")
    assert reply.json["body"] == 5
    assert "authorization" not in dict(reply.json["headers"])


def test_the_host_of_a_whole_address_counts(edge: Edge) -> None:
    reply = edge.ask(b"GET http://there:81/x HTTP/1.1\r\nHost: here\r\n\r\n")
    assert reply.json["path"] == "/x"
    assert dict(reply.json["headers"])["host"] == "there:81"


def test_another_protocol_is_not_spoken_and_ends_the_connection(edge: Edge) -> None:
    with edge.connect() as connection:
        connection.sendall(GET + b"Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n" + GET + b"\r\n")
        reply = read_reply(connection)
        assert (reply.status, reply.header("connection")) == (200, ["close"])
        assert is_ended(connection)


def test_a_request_of_http_1_0_needs_no_host(edge: Edge) -> None:
    assert edge.ask(b"GET / HTTP/1.0\r\n\r\n").status == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"x" * 3000 + b" HTTP/1.1\r\nHost: here\r\n\r\n", 414),
        (b"GET /" + b"x" * 300_000, 414),
        (GET + b"X-A: " + b"x" * 5000 + b"\r\n\r\n", 431),
        (GET + b"X-A: " + b"x" * 300_000, 431),
        (GET + b"".join(b"X-%d: 1\r\n" % number for number in range(30)) + b"\r\n", 431),
        (POST + b"Content-Length: 10001\r\n\r\n", 413),
        (POST + b"Content-Length: 10001\r\nExpect: 100-continue\r\n\r\n", 413),
        (CHUNKED + b"2711\r\n" + b"x" * 10_001 + b"\r\n0\r\n\r\n", 413),
        (CHUNKED + b"1;" + b"x" * 80_000 + b"\r\nx\r\n", 413),
    ],
)
def test_what_is_too_long_is_refused(edge: Edge, sent: bytes, status: int) -> None:
    with edge.connect() as connection:
        connection.sendall(sent)
        reply = read_reply(connection)
        assert (reply.status, reply.header("content-type")) == (status, ["application/problem+json"])
        assert is_ended(connection)


def test_long_headers_that_come_in_pieces_are_counted_together(edge: Edge) -> None:
    with edge.connect() as connection:
        connection.sendall(GET)
        for number in range(9):
            connection.sendall(b"X-%d: %s\r\n" % (number, b"x" * 500))
        assert read_reply(connection).status == 431


def test_an_answer_given_before_the_body_leaves_the_connection_usable(edge: Edge) -> None:
    with edge.connect() as connection:
        connection.sendall(b"POST /early HTTP/1.1\r\nHost: here\r\nContent-Length: 9000\r\n\r\n")
        assert read_reply(connection).status == 200
        connection.sendall(b"x" * 9000 + GET + b"\r\n")
        assert read_reply(connection).json["path"] == "/"


def test_a_body_that_outgrows_its_cap_ends_who_reads_it(edge: Edge) -> None:
    with edge.connect() as connection:
        connection.sendall(b"POST /never HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n")
        connection.sendall(b"1388\r\n" + b"x" * 5000 + b"\r\n1388\r\n" + b"x" * 5000 + b"\r\n1\r\nx")
        assert read_reply(connection).status == 413
    assert edge.told.left.acquire(timeout=30)
