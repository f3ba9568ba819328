"""From the Authorization header of a request to who asks."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from stemgraph.app.access.key import PREFIX, Key, holds_secret, split_key
from stemgraph.app.access.key_file import KeyFile
from stemgraph.app.access.principal import ANONYMOUS, Principal
from stemgraph.app.access.rate import Budget
from stemgraph.app.access.scopes import including
from stemgraph.app.access.token import Tokens
from stemgraph.app.errors import TooManyRequestsError, UnauthorizedError, UnavailableError
from stemgraph.graph.errors import DataDirectoryError

if TYPE_CHECKING:
    from starlette.types import Scope

    from stemgraph.app.settings import Settings

logger = logging.getLogger("stemgraph.app.access")

PLACE: Final = "Authorization"
FAILURES_PER_MINUTE: Final = 30


def client_of(scope: Scope) -> str:
    """The address of who asks; empty where it is not known."""
    client = scope.get("client")
    return client[0] if client else ""


class Access:
    """What one instance knows of who may do what.

    Args:
        keys: The keys that are taken; None takes none.
        tokens: What takes the tokens of an identity provider, if any.
        writes: Whether writes are taken at all.
        updates: Whether SPARQL Update and graph-store writes are.
    """

    def __init__(
        self,
        keys: KeyFile | None,
        *,
        tokens: Tokens | None = None,
        writes: bool = False,
        updates: bool = False,
    ) -> None:
        self.keys = keys
        self.tokens = tokens
        self.writes = writes
        self.updates = updates
        self._failures = Budget(FAILURES_PER_MINUTE)

    @classmethod
    def from_settings(cls, settings: Settings) -> Access:
        """What the settings say; the keys are those of the data directory.

        Raises:
            BadRequestError: They say too little of the tokens that are to be taken.
        """
        keys = None if settings.data is None else KeyFile.of_data(settings.data)
        tokens = Tokens.from_settings(settings)
        return cls(keys, tokens=tokens, writes=settings.writes, updates=settings.updates)

    async def authenticate(self, authorization: bytes | None, client: str = "") -> Principal:
        """Who sends this Authorization header; without one, and with one of another scheme, anyone.

        Args:
            authorization: The header.
            client: The address that it comes from, whose failures are counted.

        Raises:
            UnauthorizedError: It holds a key that is unknown, expired or revoked.
            TooManyRequestsError: So it does, and not for the first time.
            UnavailableError: The keys cannot be read now.
        """
        scheme, _, given = (authorization or b"").partition(b" ")
        if scheme.lower() != b"bearer":
            return ANONYMOUS
        try:
            text = given.strip().decode("latin-1")
            if self.tokens is not None and not text.startswith(PREFIX):
                return await self.tokens.authenticate(text)
            return self._of_key(text)
        except UnauthorizedError:
            wait = self._failures.spend(client)
            if wait:
                raise TooManyRequestsError(
                    "keys that do not hold were sent too often", retry_after=wait
                ) from None
            raise

    def _of_key(self, text: str) -> Principal:
        split = split_key(text)
        if split is None:
            raise _refused("what was sent has not the form of a key")
        identifier, secret = split
        key = self._find(identifier)
        if not holds_secret(key, secret) or key is None:
            raise _refused("this key is not known here")
        state = key.state(datetime.now(UTC))
        if state != "valid":
            raise _refused(f"the key {key.id} is {state}")
        return Principal(key.id, including(key.scopes))

    def _find(self, identifier: str) -> Key | None:
        try:
            return None if self.keys is None else self.keys.find(identifier)
        except DataDirectoryError as error:
            logger.error("%s", error)  # noqa: TRY400  # a traceback would show what was sent
            raise UnavailableError("the keys cannot be read", mend="try again; the log says more") from None


def _refused(message: str) -> UnauthorizedError:
    return UnauthorizedError(
        message, place=PLACE, mend="send `Authorization: Bearer sg_…` as `stemgraph key create` printed it"
    )
