"""A metric as plain values, so that the figures of several processes can be added before they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Kind = Literal["counter", "gauge", "histogram", "info"]

Value = float | list[float]
"""A number; of a histogram the number in each bucket, and last the sum."""

_LASTING: Final = ("counter", "histogram")
"""Kinds whose values stay when a process has ended: what was counted was counted."""


@dataclass
class Family:
    """One metric: its name, meaning, labels and values."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    values: dict[tuple[str, ...], Value] = field(default_factory=dict[tuple[str, ...], Value])
    shared: bool = False
    """Whether the processes tell the same figure, of one thing that all of them see."""

    def to_record(self) -> dict[str, Any]:
        """A JSON object."""
        values = [[list(labels), value] for labels, value in self.values.items()]
        return {
            "name": self.name,
            "kind": self.kind,
            "help": self.help,
            "labels": list(self.labels),
            "values": values,
            "shared": self.shared,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Family:
        """The metric of a JSON object."""
        values = {tuple(labels): value for labels, value in record["values"]}
        return cls(
            record["name"], record["kind"], record["help"], tuple(record["labels"]), values, record["shared"]
        )


def added(living: Iterable[Sequence[Family]], ended: Iterable[Sequence[Family]] = ()) -> list[Family]:
    """The figures of all processes together: of those that have ended, only what they counted."""
    total: dict[str, Family] = {}
    for families in living:
        for family in families:
            _add(total, family)
    for families in ended:
        for family in families:
            if family.kind in _LASTING and not family.shared:
                _add(total, family)
    return list(total.values())


def _add(total: dict[str, Family], family: Family) -> None:
    found = total.setdefault(
        family.name, Family(family.name, family.kind, family.help, family.labels, shared=family.shared)
    )
    for labels, value in family.values.items():
        known = found.values.get(labels)
        if known is None or family.kind == "info":
            found.values[labels] = value
        elif family.shared and not isinstance(known, list) and not isinstance(value, list):
            found.values[labels] = max(known, value)
        elif isinstance(known, list) and isinstance(value, list):
            found.values[labels] = [one + other for one, other in zip(known, value, strict=True)]
        elif not isinstance(known, list) and not isinstance(value, list):
            found.values[labels] = known + value
