"""From the Authorization header of a request to who asks."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from stemgraph.app.access.key import Key, holds_secret, split_key
from stemgraph.app.access.key_file import KeyFile
from stemgraph.app.access.principal import ANONYMOUS, Principal
from stemgraph.app.access.scopes import including
from stemgraph.app.errors import UnauthorizedError, UnavailableError
from stemgraph.graph.errors import DataDirectoryError

if TYPE_CHECKING:
    from stemgraph.app.settings import Settings

logger = logging.getLogger("stemgraph.app.access")

PLACE: Final = "Authorization"


class Access:
    """What one instance knows of who may do what.

    Args:
        keys: The keys that are taken; None takes none.
        writes: Whether writes are taken at all.
        updates: Whether SPARQL Update and graph-store writes are.
    """

    def __init__(self, keys: KeyFile | None, *, writes: bool = False, updates: bool = False) -> None:
        self.keys = keys
        self.writes = writes
        self.updates = updates

    @classmethod
    def from_settings(cls, settings: Settings) -> Access:
        """What the settings say; the keys are those of the data directory."""
        keys = None if settings.data is None else KeyFile.of_data(settings.data)
        return cls(keys, writes=settings.writes, updates=settings.updates)

    async def authenticate(self, authorization: bytes | None) -> Principal:
        """Who sends this Authorization header; without one, and with one of another scheme, anyone.

        Raises:
            UnauthorizedError: It holds a key that is unknown, expired or revoked.
            UnavailableError: The keys cannot be read now.
        """
        scheme, _, given = (authorization or b"").partition(b" ")
        if scheme.lower() != b"bearer":
            return ANONYMOUS
        return self._of_key(given.strip().decode("latin-1"))

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
