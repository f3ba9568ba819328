"""What a release changed, in a few words: an entry of the feed of releases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stemgraph.graph.release import Release


@dataclass(frozen=True, slots=True)
class ReleaseNote:
    """A release, the one before it, and how much was added, removed and changed between them."""

    release: Release
    before: Release | None
    counts: Mapping[str, Mapping[str, int]]
    """Number of changes by kind (``association``, ``entity``) and change; empty for the first release."""

    @property
    def title(self) -> str:
        """Which release it is."""
        return f"Release {self.release.number} of {self.release.date}"

    @property
    def text(self) -> str:
        """What it changed, as sentences."""
        if self.before is None:
            held = [
                f"{count:,} {name.replace('_', ' ')}"
                for name, count in self.release.counts.items()
                if isinstance(count, int)
            ]
            return f"The first release, with {', '.join(held)}." if held else "The first release."
        changes = [said for kind, counts in self.counts.items() if (said := _said(kind, counts))]
        since = f"Since release {self.before.number}"
        return f"{since}: {'; '.join(changes)}." if changes else f"{since}, no association or entity changed."


def _said(kind: str, counts: Mapping[str, int]) -> str:
    plural = {"association": "associations", "entity": "entities"}[kind]
    parts = [f"{count:,} {change}" for change, count in counts.items() if count]
    return f"{plural} {', '.join(parts)}" if parts else ""
