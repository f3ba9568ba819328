"""One statement about a risk of a therapy, with what it says of how often, how badly and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from stemgraph.graph.model import Association, Record
from stemgraph.graph.risk.proportion import Proportion

_TOLD: Final = ("severity", "onset", "population", "rank", "as_of", "date", "jurisdiction")


@dataclass(frozen=True, slots=True)
class RiskRow:
    """An association that states, or denies, a risk; what it does not state is None."""

    association: Association

    @property
    def held_by(self) -> str:
        """Of what it is stated: ``itself``, a ``class`` it belongs to, or a ``kind`` of it."""
        inherited = self.association.inherited
        if inherited is None:
            return "itself"
        above = bool(inherited.path) and inherited.path[0].subject.id == inherited.entity.id
        return "class" if above else "kind"

    @property
    def negated(self) -> bool:
        """Whether it says that there is no such risk."""
        return self.association.negated

    @property
    def retracted(self) -> bool:
        """Whether every piece of its evidence has been retracted."""
        evidence = self.association.evidence
        return bool(evidence) and all(each.retracted for each in evidence)

    @property
    def frequency(self) -> Proportion | None:
        """How often it was seen."""
        return Proportion.from_qualifier(self.association.qualifiers.get("frequency"))

    @property
    def boxed_warning(self) -> str | None:
        """``direct``, ``by class`` or ``of a kind``, where a label carries one; None: not stated."""
        if self.association.qualifiers.get("boxed_warning") is not True or self.negated:
            return None
        return {"itself": "direct", "class": "by class", "kind": "of a kind"}[self.held_by]

    @property
    def none_observed(self) -> bool:
        """Whether it was looked for and seen in nobody: a zero, which is neither a denial nor silence."""
        frequency = self.frequency
        return not self.negated and frequency is not None and frequency.numerator == 0

    def told(self, name: str) -> Any:  # noqa: ANN401  # a qualifier is any JSON
        """What a qualifier says; None where it is not stated."""
        return self.association.qualifiers.get(name)

    def to_record(self) -> Record:
        """The JSON shape: what is told of the risk, and the ``association`` with its evidence and path."""
        frequency = self.frequency
        return {
            "held_by": self.held_by,
            "negated": self.negated,
            "frequency": None if frequency is None else frequency.to_record(),
            "boxed_warning": self.boxed_warning,
            **{name: self.told(name) for name in _TOLD},
            "retracted": self.retracted,
            "association": {"inherited": None, **self.association.to_record()},
        }
