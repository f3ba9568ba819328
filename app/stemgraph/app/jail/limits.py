"""What one request to the jail, one client, and all of them together may take."""

from __future__ import annotations

from dataclasses import dataclass

from stemgraph.app.settings import MEBIBYTE, Settings


@dataclass(frozen=True, slots=True)
class JailLimits:
    """The limits of a jail."""

    workers: int = 2
    """Requests that run at once in the fast lane, and in the lane of long ones."""
    spares: int = 1
    """Idle workers beyond these, which make a replacement instant."""
    slice_seconds: float = 0.2
    """How long a query may stay in the fast lane."""
    held: int = 8
    """Long queries that run, or stand still until others have run."""
    waiting: int = 256
    """Requests that may wait for a worker."""
    client_requests: int = 64
    """Requests of one client that may wait or run at once."""
    client_seconds: float = 120.0
    """Seconds of long requests that one client may have at a stretch; one comes back each second."""
    seconds: float = 10.0
    """Waiting, running and output of one request."""
    result_bytes: int = 32 * MEBIBYTE
    """The longest result."""
    memory_bytes: int = 1024 * MEBIBYTE
    """Address space that a request may take beside what its process has mapped at rest."""
    all_memory_bytes: int = 2048 * MEBIBYTE
    """Memory that all workers together may take."""

    in_memory_bytes: int = 512 * MEBIBYTE
    """Memory that the store which is served may take, to be answered from; 0 answers from disk."""
    settled_seconds: float = 5.0
    """How long an edition must have been served before it is copied into memory."""
    first_seconds: float = 1.0
    """The same for that which is served at the start."""

    @classmethod
    def from_settings(cls, settings: Settings) -> JailLimits:
        """The limits that the settings give."""
        return cls(
            workers=settings.sparql_workers,
            seconds=settings.sparql_seconds,
            result_bytes=settings.sparql_result_bytes,
            memory_bytes=settings.sparql_memory_bytes,
            in_memory_bytes=settings.sparql_in_memory_bytes,
            all_memory_bytes=settings.jail_memory_bytes,
            client_requests=settings.client_requests,
            client_seconds=settings.client_seconds,
        )
