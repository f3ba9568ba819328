"""The lineage of a cell, or between two cells: the differentiation tree with the relation at each step."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stemgraph.graph.errors import BadRequestError
from stemgraph.graph.lineage.index import SUBCLASS_OF, LineageIndex, Step
from stemgraph.graph.model import EntityReference, Record

if TYPE_CHECKING:
    import networkx

MOST_CELLS: Final = 2_000
"""Largest ``limit``."""


@dataclass(frozen=True, slots=True)
class LineageCell:
    """A cell of a lineage, and how far it is from the cell asked for: below 0 before it, above 0 after it."""

    cell: EntityReference
    distance: int

    def to_record(self) -> Record:
        """The JSON shape ``{id, label, categories, distance}``."""
        return self.cell.to_record() | {"distance": self.distance}


@dataclass(frozen=True, slots=True)
class LineageStep:
    """What is stated of a later cell and an earlier one."""

    subject: EntityReference
    """The later cell, or the more particular one."""
    relation: str
    """``develops_from``, or ``subclass_of`` where the cell itself develops from nothing that is stated."""
    object: EntityReference
    association: str
    source: str
    version: str | None
    """The version of that source in this release."""

    def to_record(self) -> Record:
        """The JSON shape: one key for each field."""
        record: Record = {name: getattr(self, name) for name in self.__slots__}
        return record | {"subject": self.subject.to_record(), "object": self.object.to_record()}


@dataclass(frozen=True, slots=True)
class Lineage:
    """Cells and the steps between them, the later cells' first.

    Of one cell, all that it comes from and all that comes from it; between two cells, every way from the
    later one back to the earlier one.
    """

    cell: EntityReference
    """The cell asked for; between two, the later one."""
    origin: EntityReference | None
    """Between two cells, the earlier one."""
    cells: tuple[LineageCell, ...]
    steps: tuple[LineageStep, ...]
    path: tuple[LineageStep, ...]
    """Between two cells, the shortest way, in order from the later one."""
    truncated: bool = False
    """Whether cells were left out, the farthest first."""
    reason: str | None = None
    """Why there is nothing, or not all."""

    def to_record(self) -> Record:
        """The JSON shape ``{cell, origin, cells, steps, path, sentence, truncated, reason}``."""
        return {
            "cell": self.cell.to_record(),
            "origin": None if self.origin is None else self.origin.to_record(),
            "cells": [each.to_record() for each in self.cells],
            "steps": [each.to_record() for each in self.steps],
            "path": [each.to_record() for each in self.path],
            "sentence": self.sentence,
            "truncated": self.truncated,
            "reason": self.reason,
        }

    @property
    def sentence(self) -> str | None:
        """The shortest way in words; None without one."""
        if not self.path:
            return None
        verbs = {"develops_from": "develops from", "subclass_of": "is a kind of"}
        clauses = (f"{each.subject.label} {verbs[each.relation]} {each.object.label}" for each in self.path)
        return "; ".join(clauses) + "."

    def to_networkx(self) -> networkx.DiGraph[str]:
        """A graph of the cells by CURIE, its edges from the earlier cell to the later one."""
        import networkx as nx  # noqa: PLC0415  # only those who want the graph wait for it

        graph: nx.DiGraph[str] = nx.DiGraph()
        for each in self.cells:
            graph.add_node(each.cell.id, label=each.cell.label, distance=each.distance)  # pyright: ignore[reportUnknownMemberType]  # untyped stub
        for step in self.steps:
            graph.add_edge(  # pyright: ignore[reportUnknownMemberType]  # untyped stub
                step.object.id, step.subject.id, relation=step.relation, association=step.association
            )
        return graph

    def to_svg(self) -> str:
        """A drawing: earlier cells to the left, *develops from* as a line, *is a kind of* as a dashed one."""
        from stemgraph.graph.lineage.drawing import draw  # noqa: PLC0415  # it needs this module

        return draw(self)

    def _repr_svg_(self) -> str:
        return self.to_svg()


def lineage_of(index: LineageIndex, cell: int, *, limit: int) -> Lineage:
    """What a cell comes from, and what comes from it, the nearest cells first.

    Raises:
        BadRequestError: The limit is out of range.
    """
    _check(limit)
    earlier = _distances(cell, index.before, lambda step: step.earlier)
    later = _distances(cell, index.after, lambda step: step.later)
    distances = {cell: 0} | {each: -far for each, far in earlier.items()}
    distances |= {each: far for each, far in later.items() if each not in distances}
    kept = _nearest(distances, limit)
    cut = len(kept) < len(distances)
    return Lineage(
        cell=index.reference(cell),
        origin=None,
        cells=_cells(index, kept),
        steps=_told(index, _steps_among(index, kept)),
        path=(),
        truncated=cut,
        reason=_reason(len(distances), limit, cut=cut)
        or (None if len(distances) > 1 else "it is not stated what it comes from, or what comes from it"),
    )


def lineage_between(index: LineageIndex, start: int, end: int, *, limit: int) -> Lineage:
    """Every way between two cells, whichever of them is the earlier.

    Raises:
        BadRequestError: The limit is out of range.
    """
    _check(limit)
    later, origin = start, end
    back = _distances(later, index.before, lambda step: step.earlier)
    if origin not in back and origin != later:
        later, origin = end, start
        back = _distances(later, index.before, lambda step: step.earlier)
    if origin not in back:
        first, second = index.reference(start), index.reference(end)
        reason = f"no steps lead between {first.label} and {second.label}"
        if start == end:
            reason = "the two are the same cell"
        return Lineage(first, second, (), (), (), reason=reason)
    forth = _distances(origin, index.after, lambda step: step.later)
    between = {later: 0} | {each: -far for each, far in back.items() if each in forth or each == origin}
    path = _shortest(index, later, origin, between)
    kept = _nearest(between, limit, first=[step.later for step in path] + [origin])
    cut = len(kept) < len(between)
    return Lineage(
        cell=index.reference(later),
        origin=index.reference(origin),
        cells=_cells(index, kept),
        steps=_told(index, _steps_among(index, kept)),
        path=_told(index, path),
        truncated=cut,
        reason=_reason(len(between), limit, cut=cut),
    )


def _check(limit: int) -> None:
    if not 1 <= limit <= MOST_CELLS:
        raise BadRequestError(f"must be from 1 to {MOST_CELLS}, not {limit}", place="limit")


def _reason(cells: int, limit: int, *, cut: bool) -> str | None:
    return f"{limit} of {cells} cells are given, the nearest" if cut else None


def _distances(
    cell: int, steps: Mapping[int, Sequence[Step]], other: Callable[[Step], int]
) -> dict[int, int]:
    """How many steps away each cell is that can be reached, the cell itself left out."""
    distances: dict[int, int] = {}
    waiting = deque([(cell, 0)])
    while waiting:
        current, far = waiting.popleft()
        for step in steps.get(current, ()):
            reached = other(step)
            if reached != cell and reached not in distances:
                distances[reached] = far + 1
                waiting.append((reached, far + 1))
    return distances


def _nearest(distances: Mapping[int, int], limit: int, *, first: Iterable[int] = ()) -> dict[int, int]:
    """The nearest cells, what comes before the cell preferred to what comes after it; some always first."""
    order = dict.fromkeys(first) | dict.fromkeys(
        sorted(distances, key=lambda each: (abs(distances[each]), distances[each], each))
    )
    return {each: distances[each] for each in list(order)[:limit]}


def _steps_among(index: LineageIndex, cells: Mapping[int, int]) -> list[Step]:
    found = (step for cell in cells for step in index.before.get(cell, ()) if step.earlier in cells)
    return sorted(found, key=lambda step: (-cells[step.later], step.later, step.earlier))


def _shortest(index: LineageIndex, later: int, origin: int, between: Mapping[int, int]) -> list[Step]:
    """The shortest way back; of equally short ones that with the fewest steps over *is a kind of*."""
    best: dict[int, tuple[int, int, list[Step]]] = {later: (0, 0, [])}
    for cell in sorted(between, key=lambda each: -between[each]):
        if cell not in best:
            continue
        length, kinds, way = best[cell]
        for step in index.before.get(cell, ()):
            if step.earlier not in between:
                continue
            candidate = (length + 1, kinds + (step.relation == SUBCLASS_OF), [*way, step])
            if step.earlier not in best or candidate[:2] < best[step.earlier][:2]:
                best[step.earlier] = candidate
    return best[origin][2]


def _cells(index: LineageIndex, distances: Mapping[int, int]) -> tuple[LineageCell, ...]:
    found = [LineageCell(index.reference(row), far) for row, far in distances.items()]
    return tuple(sorted(found, key=lambda each: (each.distance, each.cell.label.casefold(), each.cell.id)))


def _told(index: LineageIndex, steps: Iterable[Step]) -> tuple[LineageStep, ...]:
    records = index.records
    sources, source = records.names["source"], records.column("source")
    return tuple(
        LineageStep(
            index.reference(step.later),
            step.relation,
            index.reference(step.earlier),
            records.association_id(step.association),
            sources[source[step.association]],
            index.versions.get(sources[source[step.association]]),
        )
        for step in steps
    )
