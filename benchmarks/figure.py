"""One measured number beside its target."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measurement; ``at_most`` and ``at_least`` are its target, None where it has none."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the target, if any, holds."""
        return (self.at_most is None or self.value <= self.at_most) and (
            self.at_least is None or self.value >= self.at_least
        )

    def line(self) -> str:
        """One printed line: name, value, target and whether it holds."""
        target = ""
        if self.at_most is not None:
            target = f"target ≤ {self.at_most:g}"
        if self.at_least is not None:
            target = f"target ≥ {self.at_least:g}"
        verdict = "" if not target else ("ok" if self.met else "MISSED")
        value = f"{self.value:>10.3f} {self.unit:<6}"
        return f"{self.name:<58} {value} {target:<16} {verdict:<7} {self.note}".rstrip()
