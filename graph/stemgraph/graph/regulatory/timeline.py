"""How the status of a product changed: its actions, and a lane of spans for each jurisdiction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from itertools import pairwise

from stemgraph.graph.model import EntityReference, Record
from stemgraph.graph.regulatory.action import RegulatoryAction
from stemgraph.graph.regulatory.period import Period
from stemgraph.graph.regulatory.sequence import NOT_STATED
from stemgraph.graph.regulatory.status import StatusReader

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A time over which the status stayed the same; ``first`` is None where its beginning is open."""

    first: date | None
    last: date
    status: str
    possible: tuple[str, ...]

    def to_record(self) -> Record:
        """The JSON shape ``{first, last, status, possible}``."""
        return {
            "first": None if self.first is None else self.first.isoformat(),
            "last": self.last.isoformat(),
            "status": self.status,
            "possible": list(self.possible),
        }


@dataclass(frozen=True, slots=True)
class Lane:
    """One jurisdiction: its spans in the order of time, and its actions."""

    jurisdiction: str
    spans: tuple[Span, ...]
    actions: tuple[RegulatoryAction, ...]

    def to_record(self) -> Record:
        """The JSON shape ``{jurisdiction, spans, actions}``."""
        return {
            "jurisdiction": self.jurisdiction,
            "spans": [span.to_record() for span in self.spans],
            "actions": [action.to_record() for action in self.actions],
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """The regulatory history of a product up to the date of the release; a notebook shows it as a picture."""

    product: EntityReference
    disease: EntityReference | None
    until: date
    lanes: tuple[Lane, ...]

    def to_record(self) -> Record:
        """The JSON shape ``{product, disease, until, lanes}``."""
        return {
            "product": self.product.to_record(),
            "disease": None if self.disease is None else self.disease.to_record(),
            "until": self.until.isoformat(),
            "lanes": [lane.to_record() for lane in self.lanes],
        }

    def to_svg(self) -> str:
        """The picture: a bar for each jurisdiction, lettered by status, and a mark for each action."""
        from stemgraph.graph.regulatory.picture import timeline_svg  # noqa: PLC0415  # it draws this class

        return timeline_svg(self)

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def _repr_html_(self) -> str:
        return f"<figure>{self.to_svg()}<figcaption>{self._list()}</figcaption></figure>"

    def _list(self) -> str:
        items = "".join(
            f"<li>{escape(f'{lane.jurisdiction}, {action.when}: {action.label}')}</li>"
            for lane in self.lanes
            for action in lane.actions
        )
        return f"<ul>{items}</ul>"


def timeline_of(reader: StatusReader, until: date) -> Timeline:
    """The timeline of what a reader reads, up to a day."""
    lanes = tuple(
        Lane(
            place,
            tuple(_spans(reader, place, until)),
            tuple(each for each in reader.actions if place in each.jurisdictions),
        )
        for place in reader.jurisdictions
    )
    return Timeline(reader.product, reader.disease, until, lanes)


def _spans(reader: StatusReader, jurisdiction: str, until: date) -> Iterator[Span]:
    """The status between any two days on which it may change, joined where it stays the same."""
    actions = [each for each in reader.actions if jurisdiction in each.jurisdictions]
    days = sorted({day for action in actions for day in _days_of(action) if day <= until})
    current: Span | None = None
    if days and any(each.occurred.earliest is None for each in actions):
        before = days[0] - _DAY
        found = reader.at(_on(before), jurisdiction)
        if found.status != NOT_STATED:
            current = Span(None, before, found.status, found.possible)
    for day, following in pairwise([*days, until + _DAY]):
        found = reader.at(_on(day), jurisdiction)
        last = following - _DAY
        if current is not None and current.possible == found.possible:
            current = Span(current.first, last, current.status, current.possible)
            continue
        if current is not None:
            yield current
        current = Span(day, last, found.status, found.possible)
    if current is not None:
        yield current


def _on(day: date) -> Period:
    return Period(day.isoformat(), day, day)


def _days_of(action: RegulatoryAction) -> list[date]:
    """The days on which an action may turn the status: its first and last, and those of its end."""
    found = [day for day in (action.occurred.earliest, action.occurred.latest) if day is not None]
    lapse = action.lapse
    if lapse is not None and lapse.earliest is not None and lapse.latest is not None:
        found += [lapse.earliest + _DAY, lapse.latest + _DAY]
    return found
