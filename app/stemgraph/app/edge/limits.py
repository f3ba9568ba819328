"""What the edge allows a connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stemgraph.app.settings import Settings


@dataclass(frozen=True, slots=True)
class EdgeLimits:
    """Limits of one server process; bytes and seconds."""

    head_bytes: int = 32 * 1024
    """Request line and headers together; the request line may take half of it."""
    header_count: int = 100
    body_bytes: int = 1024 * 1024
    head_seconds: float = 10.0
    """From the first byte of a request, or from the connection, to the end of its headers."""
    body_seconds: float = 30.0
    """From the end of the headers to the end of the body."""
    idle_seconds: float = 5.0
    """Between two requests of one connection."""
    stall_seconds: float = 30.0
    """How long a client may take nothing of an answer that waits for it."""
    connections: int = 1000
    connections_per_client: int = 250
    stop_seconds: float = 10.0
    """From the signal to the end of the process."""
    proxies: tuple[str, ...] = ()
    """Addresses and networks that speak for many clients: one address of theirs is not one client."""

    @property
    def target_bytes(self) -> int:
        """The longest request line."""
        return self.head_bytes // 2

    @property
    def raw_body_bytes(self) -> int:
        """What a body may take on the wire: chunks of one byte take six."""
        return 6 * self.body_bytes + self.head_bytes

    @property
    def grace_seconds(self) -> float:
        """How long requests under way may go on once the service stops; the rest is for what runs beside."""
        return self.stop_seconds * 0.3

    @classmethod
    def from_settings(cls, settings: Settings) -> EdgeLimits:
        """What the settings say."""
        return cls(
            head_bytes=settings.head_bytes,
            body_bytes=settings.request_bytes,
            head_seconds=settings.head_seconds,
            body_seconds=settings.body_seconds,
            connections=settings.connections,
            connections_per_client=settings.connections_per_client,
            proxies=settings.proxies,
        )
