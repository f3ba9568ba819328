"""The public keys of an issuer of tokens (JWKS, RFC 7517): from a file or an address, and renewed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from http.client import HTTPMessage
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pydantic import BaseModel, ValidationError

from stemgraph.app.errors import UnavailableError
from stemgraph.graph.errors import BadRequestError

if TYPE_CHECKING:
    from jwt import PyJWK

logger = logging.getLogger("stemgraph.app.access")

LASTING: Final = 300.0
"""Seconds after which the keys are asked for again: one that was withdrawn is trusted no longer than that."""
PAUSE: Final = 15.0
"""Seconds between two tries: who sends tokens of unknown keys makes us ask no more often."""
TIMEOUT: Final = 5.0
MOST_BYTES: Final = 1024 * 1024
KINDS: Final = ("RSA", "EC", "OKP")
LOCAL: Final = ("localhost", "127.0.0.1", "::1")


class KeySet:
    """The keys at a place.

    Args:
        place: A file, or an address with https (http only of this machine).
        clock: Gives the time in seconds.

    Raises:
        BadRequestError: The place is no such address.
    """

    def __init__(self, place: str, clock: Callable[[], float] = monotonic) -> None:
        self.place = place
        self._remote = "://" in place
        self._clock = clock
        self._keys: dict[str | None, PyJWK] = {}
        self._read_at = self._tried_at = -LASTING
        self._lock = asyncio.Lock()
        address = urlsplit(place)
        if (
            self._remote
            and address.scheme != "https"
            and not (address.scheme == "http" and address.hostname in LOCAL)
        ):
            raise BadRequestError(
                f"'{place}' is no address with https",
                place="STEMGRAPH_JWT_KEYS",
                mend="name an https address",
            )

    async def find(self, identifier: str | None) -> PyJWK | None:
        """The key of this id; without an id, the only key there is.

        Raises:
            UnavailableError: The keys cannot be had, and none are known.
        """
        if self._clock() - self._read_at >= LASTING or self._pick(identifier) is None:
            await self._renew()
        return self._pick(identifier)

    def _pick(self, identifier: str | None) -> PyJWK | None:
        if identifier is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(identifier)

    async def _renew(self) -> None:
        async with self._lock:
            if self._clock() - self._tried_at < PAUSE:
                return
            self._tried_at = self._clock()
            try:
                data = await asyncio.to_thread(self._load)
                self._keys = read_keys(data)
                self._read_at = self._clock()
            except (OSError, ValueError) as error:
                logger.warning("the keys of tokens at %s cannot be had: %s", self.place, error)
                if not self._keys:
                    raise UnavailableError(
                        "the keys of the tokens' issuer cannot be had", mend="try again; the log says more"
                    ) from None

    def _load(self) -> bytes:
        if not self._remote:
            return Path(self.place).read_bytes()
        request = Request(self.place, headers={"Accept": "application/json"})  # noqa: S310  # the scheme is checked
        with build_opener(NoRedirect).open(request, timeout=TIMEOUT) as answer:
            data: bytes = answer.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise ValueError("it is larger than a key set may be")
        return data


class KeySetDocument(BaseModel):
    """A key set as it is published."""

    keys: list[dict[str, Any]]


class NoRedirect(HTTPRedirectHandler):
    """Follows no redirect: keys come from where they were said to be."""

    def redirect_request(  # noqa: PLR0917  # as urllib's
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Refuse it."""
        fp.close()
        raise URLError("it redirects elsewhere")


def read_keys(data: bytes) -> dict[str | None, PyJWK]:
    """The keys of a set that verify signatures, by their ids; those of other kinds are passed over.

    Raises:
        ValueError: It is no key set, or has no such key.
    """
    from jwt import PyJWK, PyJWTError  # noqa: PLC0415  # an extra

    found: dict[str | None, PyJWK] = {}
    try:
        listed = KeySetDocument.model_validate_json(data).keys
    except ValidationError:
        raise ValueError("it is no key set") from None
    for each in listed:
        if each.get("kty") in KINDS and each.get("use", "sig") == "sig":
            try:
                key = PyJWK(each)
            except PyJWTError:
                continue
            found[key.key_id] = key
    if not found:
        raise ValueError("it has no key that verifies signatures")
    return found
