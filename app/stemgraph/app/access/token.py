"""Tokens (JWT, RFC 7519) of an identity provider that the service trusts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from stemgraph.app.access.key_set import KeySet
from stemgraph.app.access.principal import Principal
from stemgraph.app.access.scopes import LADDER, including
from stemgraph.app.errors import UnauthorizedError
from stemgraph.graph.errors import BadRequestError

if TYPE_CHECKING:
    from stemgraph.app.settings import Settings

# PyJWT is an extra: it is imported where tokens are taken.
# ruff: noqa: PLC0415

ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
"""Only signatures that the key set, which is public, cannot make."""

REQUIRED: Final = ("exp", "iss", "aud", "sub")
LEEWAY: Final = 10.0
LONGEST: Final = 8192
LONGEST_SUBJECT: Final = 200
_OBJECT: Final = TypeAdapter(dict[str, Any])
_WORDS: Final = TypeAdapter(list[str])


class Tokens:
    """What takes tokens.

    Args:
        keys: The issuer's public keys.
        issuer: What ``iss`` must be.
        audience: What ``aud`` must be, or hold.
        claim: Where the words are that mean scopes; dots go into objects.
        meanings: The scope that each word means.
    """

    def __init__(
        self, keys: KeySet, *, issuer: str, audience: str, claim: str, meanings: Mapping[str, str]
    ) -> None:
        self.keys = keys
        self.issuer = issuer
        self.audience = audience
        self.claim = claim
        self.meanings = meanings

    @classmethod
    def from_settings(cls, settings: Settings) -> Tokens | None:
        """What the settings say; None where no tokens are taken.

        Raises:
            BadRequestError: They do not say enough, or PyJWT is not installed.
        """
        if settings.jwt_keys is None:
            return None
        if find_spec("jwt") is None or find_spec("cryptography") is None:
            raise BadRequestError(
                "tokens need PyJWT", place="STEMGRAPH_JWT_KEYS", mend="install stemgraph[jwt]"
            )
        if not settings.jwt_issuer or not settings.jwt_audience:
            raise BadRequestError(
                "issuer and audience of the tokens are not set",
                place="STEMGRAPH_JWT_KEYS",
                mend="set STEMGRAPH_JWT_ISSUER and STEMGRAPH_JWT_AUDIENCE",
            )
        return cls(
            KeySet(settings.jwt_keys),
            issuer=settings.jwt_issuer,
            audience=settings.jwt_audience,
            claim=settings.jwt_claim,
            meanings=read_meanings(settings.jwt_scopes),
        )

    async def authenticate(self, text: str) -> Principal:
        """Who sends this token.

        Raises:
            UnauthorizedError: It does not hold.
            UnavailableError: The issuer's keys cannot be had.
        """
        import jwt

        if len(text) > LONGEST:
            raise _refused("it is too long")
        try:
            header = jwt.get_unverified_header(text)
        except jwt.PyJWTError:
            raise _refused("what was sent is no token") from None
        if header.get("alg") not in ALGORITHMS:
            raise _refused(f"its algorithm is none of {', '.join(ALGORITHMS)}")
        key = await self.keys.find(header.get("kid"))
        if key is None:
            raise _refused("it is signed with no key of the issuer")
        try:
            claims: dict[str, Any] = jwt.decode(
                text,
                key,
                algorithms=ALGORITHMS,
                issuer=self.issuer,
                audience=self.audience,
                leeway=LEEWAY,
                options={"require": list(REQUIRED)},
            )
        except jwt.PyJWTError as error:
            raise _refused(_reason(error)) from None
        return Principal(_identity(claims["sub"]), including(self._scopes(claims)))

    def _scopes(self, claims: Mapping[str, Any]) -> Iterable[str]:
        found: object = claims
        for part in self.claim.split("."):
            found = _member(found, part)
        return [self.meanings[word] for word in _words_of(found) if word in self.meanings]


def _member(value: object, name: str) -> object:
    try:
        return _OBJECT.validate_python(value).get(name)
    except ValidationError:
        return None


def _words_of(value: object) -> list[str]:
    if isinstance(value, str):
        return value.split()
    try:
        return _WORDS.validate_python(value)
    except ValidationError:
        return []


def read_meanings(pairs: Iterable[str]) -> Mapping[str, str]:
    """The scope that each word means, of ``word=scope`` pairs; without any, the scopes' own names.

    Raises:
        BadRequestError: It is no such pair.
    """
    meanings: dict[str, str] = {}
    for pair in pairs:
        word, separator, scope = pair.rpartition("=")
        if not separator or not word or scope not in LADDER:
            raise BadRequestError(
                f"'{pair}' is no word=scope",
                place="STEMGRAPH_JWT_SCOPES",
                mend=f"give pairs such as curators=write, with one of {', '.join(LADDER)}",
            )
        meanings[word] = scope
    return meanings or {scope: scope for scope in LADDER}


def _identity(subject: Any) -> str:  # noqa: ANN401  # a claim may be anything
    if not isinstance(subject, str) or not subject.isprintable() or len(subject) > LONGEST_SUBJECT:
        raise _refused("its subject is no short line of text")
    return f"jwt:{subject}"


def _reason(error: Exception) -> str:
    """What is wrong with a token, in words that repeat nothing of it."""
    import jwt

    kinds: list[tuple[type[Exception], str]] = [
        (jwt.ExpiredSignatureError, "it has expired"),
        (jwt.ImmatureSignatureError, "it does not hold yet"),
        (jwt.InvalidAudienceError, "it is for another audience"),
        (jwt.InvalidIssuerError, "it is of another issuer"),
        (jwt.MissingRequiredClaimError, f"it lacks one of {', '.join(REQUIRED)}"),
        (jwt.InvalidSignatureError, "its signature does not hold"),
    ]
    return next((words for kind, words in kinds if isinstance(error, kind)), "it cannot be read")


def _refused(message: str) -> UnauthorizedError:
    return UnauthorizedError(
        f"the token is not taken: {message}",
        place="Authorization",
        mend="get a new one from the issuer that this service trusts",
    )
