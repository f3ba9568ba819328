"""Tokens of an issuer whose key set is a file, or is served on this machine."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from stemgraph.app import Settings
from stemgraph.app.access import Access, Principal
from stemgraph.app.access.key_set import LASTING, PAUSE, KeySet
from stemgraph.app.access.token import read_meanings
from stemgraph.app.errors import UnauthorizedError, UnavailableError
from stemgraph.graph.errors import BadRequestError

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
ED = ed25519.Ed25519PrivateKey.generate()
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ISSUER = "https://issuer.example"


def public(key: Any, algorithm: Any, identifier: str) -> dict[str, Any]:
    """The public half of a key, as a key set has it."""
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": identifier, "use": "sig"}


def key_set() -> dict[str, Any]:
    """What the issuer publishes: three keys that verify, and one that would let anyone sign."""
    return {
        "keys": [
            public(RSA, RSAAlgorithm, "rsa"),
            public(EC, ECAlgorithm, "ec"),
            public(ED, OKPAlgorithm, "ed"),
            {"kty": "oct", "kid": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA"},
        ]
    }


class Issuer:
    """A server of a key set that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.document: bytes = json.dumps(key_set()).encode()
        self.redirects = False
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # as http.server wants it
                issuer.asked += 1
                self.send_response(302 if issuer.redirects else 200)
                if issuer.redirects:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                self.wfile.write(issuer.document)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/keys"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    """A running issuer."""
    running = Issuer()
    thread = threading.Thread(target=running.server.serve_forever)
    thread.start()
    yield running
    running.server.shutdown()
    thread.join()
    running.server.server_close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The key set as a file."""
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(key_set()))
    return path


def access_of(place: object, **more: Any) -> Access:
    given = {"jwt_issuer": ISSUER, "jwt_audience": "stemgraph", "writes": True, **more}
    return Access.from_settings(Settings(jwt_keys=str(place), **given))


def token(key: Any = RSA, algorithm: str = "RS256", identifier: str | None = "rsa", **claims: Any) -> str:
    """A token that holds, but for what is said."""
    payload = {
        "iss": ISSUER, "aud": "stemgraph", "sub": "ada", "exp": time.time() + 600, "scope": "openid write",
        **claims,
    }  # fmt: skip
    headers = {} if identifier is None else {"kid": identifier}
    present = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(present, key, algorithm=algorithm, headers=headers)


def sent(access: Access, text: str) -> Principal:
    return asyncio.run(access.authenticate(f"Bearer {text}".encode()))


@pytest.mark.parametrize(
    ("key", "algorithm", "identifier"), [(RSA, "RS256", "rsa"), (EC, "ES256", "ec"), (ED, "EdDSA", "ed")]
)
def test_a_token_of_the_issuer_is_taken(
    file: Path, issuer: Issuer, key: Any, algorithm: str, identifier: str
) -> None:
    for place in (file, issuer.url):
        principal = sent(access_of(place), token(key, algorithm, identifier))
        assert principal == Principal("jwt:ada", frozenset({"read", "write"}))


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"exp": time.time() - 60}, "it has expired"),
        ({"exp": None}, "it lacks one of"),
        ({"sub": None}, "it lacks one of"),
        ({"nbf": time.time() + 600}, "it does not hold yet"),
        ({"aud": "another"}, "it is for another audience"),
        ({"iss": "https://another.example"}, "it is of another issuer"),
        ({"sub": "a\nb"}, "its subject is no short line"),
        ({"sub": "a" * 300}, "its subject is no short line"),
    ],
)
def test_a_token_that_does_not_hold_is_refused_and_it_is_told_why(
    file: Path, claims: dict[str, Any], told: str
) -> None:
    text = token(**claims)
    with pytest.raises(UnauthorizedError, match=told) as refusal:
        sent(access_of(file), text)
    assert text not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_who_signed_is_not_left_to_the_token(file: Path) -> None:
    access = access_of(file)
    pem = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    forged = [
        token(OTHER),
        token(EC, "ES256", "rsa"),
        token(RSA, "RS256", "nobody"),
        token(RSA, "RS256", None),
        token(None, "none", "rsa"),
        jwt.encode(
            {"sub": "x"}, "secret-secret-secret-secret-secret", algorithm="HS256", headers={"kid": "oct"}
        ),
        _signed_with_public_key(pem),
        "a.b.c",
        "",
        "x" * 9000,
    ]
    for text in forged:
        with pytest.raises(UnauthorizedError):
            sent(access, text)


def _signed_with_public_key(pem: bytes) -> str:
    """A token that takes the public key for a shared secret, as some verifiers did."""
    import base64
    import hmac

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    signed = part({"alg": "HS256", "kid": "rsa"}) + "." + part({"sub": "eve", "exp": time.time() + 60})
    mac = hmac.new(pem, signed.encode(), "sha256").digest()
    return signed + "." + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def test_words_mean_scopes_wherever_the_claim_is(file: Path) -> None:
    access = access_of(file, jwt_claim="realm.roles", jwt_scopes=("curators=write", "boss=admin"))
    for roles, scopes in [
        (["curators", "x"], {"read", "write"}),
        (["boss"], {"read", "write", "update", "admin"}),
        (["write"], set()),
        ("curators boss", {"read", "write", "update", "admin"}),
        ({"curators": 1}, set()),
        ([1, None], set()),
    ]:
        assert sent(access, token(realm={"roles": roles})).scopes == scopes
    assert sent(access, token(realm="curators")).scopes == set()


def test_keys_are_asked_for_once_and_again_when_one_is_unknown_but_not_at_every_token(
    issuer: Issuer,
) -> None:
    now = [0.0]
    keys = KeySet(issuer.url, lambda: now[0])

    async def ask() -> None:
        assert await keys.find("rsa") is not None
        for _ in range(20):
            assert await keys.find("nobody") is None
        assert issuer.asked == 1
        issuer.document = json.dumps({"keys": [public(OTHER, RSAAlgorithm, "new")]}).encode()
        now[0] += PAUSE
        assert await keys.find("new") is not None
        assert await keys.find("rsa") is None
        assert issuer.asked == 2

    asyncio.run(ask())


def test_an_issuer_that_fails_is_bridged_by_the_keys_that_are_known(issuer: Issuer) -> None:
    now = [0.0]
    keys = KeySet(issuer.url, lambda: now[0])

    async def ask() -> None:
        assert await keys.find("rsa") is not None
        issuer.document = b"<html>"
        now[0] += LASTING
        assert await keys.find("rsa") is not None
        assert issuer.asked == 2

    asyncio.run(ask())


@pytest.mark.parametrize("what", ["redirect", "nonsense", "no keys", "only shared secrets", "nobody"])
def test_an_issuer_that_never_answered_lets_nobody_in(issuer: Issuer, what: str) -> None:
    issuer.redirects = what == "redirect"
    issuer.document = {
        "nonsense": b"[",
        "no keys": b'{"keys": []}',
        "only shared secrets": json.dumps({"keys": key_set()["keys"][3:]}).encode(),
    }.get(what, issuer.document)
    place = "http://127.0.0.1:1/keys" if what == "nobody" else issuer.url
    with pytest.raises(UnavailableError):
        sent(access_of(place), token())


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"jwt_keys": "http://issuer.example/keys"}, "STEMGRAPH_JWT_KEYS"),
        ({"jwt_keys": "file:///etc/passwd"}, "STEMGRAPH_JWT_KEYS"),
        ({"jwt_audience": None}, "STEMGRAPH_JWT_KEYS"),
        ({"jwt_scopes": ("curators",)}, "STEMGRAPH_JWT_SCOPES"),
        ({"jwt_scopes": ("curators=root",)}, "STEMGRAPH_JWT_SCOPES"),
    ],
)
def test_settings_that_cannot_be_meant_are_told_at_the_start(
    file: Path, given: dict[str, Any], place: str
) -> None:
    with pytest.raises(BadRequestError) as refusal:
        access_of(given.pop("jwt_keys", file), **given)
    assert refusal.value.place == place


def test_without_words_the_scopes_mean_themselves() -> None:
    assert read_meanings(()) == {each: each for each in ("read", "write", "update", "admin")}


def test_a_key_is_still_taken_beside_tokens_and_a_token_only_where_they_are_set(file: Path) -> None:
    with pytest.raises(UnauthorizedError, match="is not known here"):
        sent(access_of(file), f"sg_{'0' * 12}_{'A' * 43}")
    with pytest.raises(UnauthorizedError, match="has not the form of a key"):
        sent(Access(None), token())
