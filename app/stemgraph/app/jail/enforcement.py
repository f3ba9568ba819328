"""What holds the workers of a jail, as one of them found at the start."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Enforcement:
    """What the kernel enforces, and what a worker tried."""

    no_new_privileges: bool = False
    seccomp: bool = False
    """Whether only the listed system calls are possible."""
    landlock: int = 0
    """Version of the interface by which files are closed to it; 0 for none."""
    attempts: Mapping[str, bool] = field(default_factory=dict[str, bool])
    """What was tried, and whether it was refused."""

    @classmethod
    def from_report(cls, report: Mapping[str, Any]) -> Enforcement:
        """What a worker reported."""
        enforced = report["enforced"]
        return cls(
            no_new_privileges=bool(enforced["no_new_privileges"]),
            seccomp=bool(enforced["seccomp"]),
            landlock=int(enforced["landlock"]),
            attempts={str(name): bool(refused) for name, refused in report["attempts"].items()},
        )

    @property
    def complete(self) -> bool:
        """Whether everything that was tried was refused."""
        return bool(self.attempts) and all(self.attempts.values())

    @property
    def missing(self) -> tuple[str, ...]:
        """What a worker could do if a query took it over, in words."""
        return tuple(name for name, refused in self.attempts.items() if not refused)

    def sentence(self) -> str:
        """One sentence about it."""
        if self.complete:
            return f"seccomp, Landlock {self.landlock} and resource limits hold the workers"
        if not self.attempts:
            return "the workers have not been tried"
        kept = "SERVICE and other servers are refused by parsing all the same"
        return f"on {sys.platform} a worker that is taken over could {', '.join(self.missing)}; {kept}"

    def to_record(self) -> dict[str, object]:
        """It as a JSON object."""
        return {
            "complete": self.complete,
            "no_new_privileges": self.no_new_privileges,
            "seccomp": self.seccomp,
            "landlock": self.landlock,
            "refused": sorted(name for name, refused in self.attempts.items() if refused),
            "not_refused": sorted(self.missing),
        }
