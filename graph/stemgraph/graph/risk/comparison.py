"""The risks of several therapies side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from stemgraph.graph.model import EntityReference, Record
from stemgraph.graph.risk.risks import STANDINGS, Risk, RiskReader, Risks, measures_record


@dataclass(frozen=True, slots=True)
class ComparedRisk:
    """A risk that one of the therapies has a statement of; a cell for each therapy, in their order."""

    risk: EntityReference
    cells: tuple[Risk, ...]

    @property
    def standings(self) -> tuple[str, ...]:
        """How the risk stands with each therapy: silence, a denial and a zero are different words."""
        return tuple(cell.standing for cell in self.cells)


@dataclass(frozen=True, slots=True)
class RiskComparison:
    """Risks by therapy; what is not stated of one of them is a cell that says so."""

    therapies: tuple[EntityReference, ...]
    closure: bool
    items: tuple[ComparedRisk, ...]
    risks: tuple[Risks, ...]

    def to_record(self) -> Record:
        """The JSON shape ``{therapies, closure, complete, items: [{risk, cells}], monitoring}``."""
        return {
            "therapies": [each.to_record() for each in self.therapies],
            "closure": self.closure,
            "complete": all(each.complete for each in self.risks),
            "items": [
                {
                    "risk": item.risk.to_record(),
                    "cells": [
                        {
                            "therapy": therapy.id,
                            "standing": cell.standing,
                            "boxed_warning": cell.boxed_warning,
                            "rows": [row.to_record() for row in cell.rows],
                            **measures_record(cell),
                        }
                        for therapy, cell in zip(self.therapies, item.cells, strict=True)
                    ],
                }
                for item in self.items
            ],
            "monitoring": [
                {"inherited": None, **each.to_record()} for risks in self.risks for each in risks.monitoring
            ],
        }

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(each.label)}</th>" for each in self.therapies)
        rows = "".join(
            f"<tr><th>{escape(item.risk.label)}</th>"
            + "".join(f"<td>{escape(_cell(cell))}</td>" for cell in item.cells)
            + "</tr>"
            for item in self.items
        )
        return f"<table><thead><tr><th>risk</th>{head}</tr></thead><tbody>{rows}</tbody></table>"


def compare(
    readers: Sequence[RiskReader], wanted: Sequence[EntityReference], *, closure: bool
) -> RiskComparison:
    """The risks that any of the therapies has a statement of, and how each of them stands."""
    found = [reader.risks(wanted) for reader in readers]
    named = {item.risk.id: item.risk for risks in found for item in risks.items}
    filled = [
        reader.risks(tuple(named.values())) if named else risks
        for reader, risks in zip(readers, found, strict=True)
    ]
    cells = [{item.risk.id: item for item in risks.items} for risks in filled]
    items = [ComparedRisk(risk, tuple(each[curie] for each in cells)) for curie, risk in named.items()]
    return RiskComparison(
        tuple(reader.therapy.reference for reader in readers),
        closure,
        tuple(sorted(items, key=_order)),
        tuple(filled),
    )


def _order(item: ComparedRisk) -> tuple[bool, int, str, str]:
    best = min(STANDINGS.index(each) for each in item.standings)
    return (
        all(cell.boxed_warning is None for cell in item.cells),
        best,
        item.risk.label.casefold(),
        item.risk.id,
    )


def _cell(cell: Risk) -> str:
    told = ", ".join(str(row.frequency) for row in cell.rows if row.frequency is not None)
    boxed = f"; boxed warning {cell.boxed_warning}" if cell.boxed_warning else ""
    return f"{cell.standing}{boxed}" + (f": {told}" if told else "")
