"""What one request to the jail, one client, and all of them together may take."""

from __future__ import annotations

from dataclasses import dataclass

from stemgraph.app.settings import MEBIBYTE, Settings


@dataclass(frozen=True, slots=True)
class JailLimits:
    """The limits of a jail."""

    workers: int = 2
    """Requests that run at once in the fast lane, and in the lane of long ones."""
    waiting: int = 64
    """Requests that may wait for a worker."""
    seconds: float = 10.0
    """Waiting, running and output of one request."""
    result_bytes: int = 32 * MEBIBYTE
    """The longest result."""
    memory_bytes: int = 1024 * MEBIBYTE
    """Address space that a request may take beside what its process has mapped at rest."""

    @classmethod
    def from_settings(cls, settings: Settings) -> JailLimits:
        """The limits that the settings give."""
        return cls(
            workers=settings.sparql_workers,
            seconds=settings.sparql_seconds,
            result_bytes=settings.sparql_result_bytes,
            memory_bytes=settings.sparql_memory_bytes,
        )
