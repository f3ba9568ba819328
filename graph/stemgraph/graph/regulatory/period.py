"""Partial dates as what they are: the first and last day on which something may have happened."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from stemgraph.graph.errors import BadRequestError

_PARTIAL: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """The days on which something may have happened; an open end is None.

    ``text`` is the date as it was stated: ``2022``, ``2022-09``, ``2022-09-16``, or empty.
    """

    text: str
    earliest: date | None
    latest: date | None

    @classmethod
    def parse(cls, text: str, *, place: str = "date") -> Period:
        """The period of a partial date.

        Raises:
            BadRequestError: It is not ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, or no such day exists.
        """
        found = _PARTIAL.fullmatch(text)
        try:
            first, last = _days(*(found.groups() if found else ("",)))
        except ValueError as error:
            raise BadRequestError(
                f"'{text[:40]}' is not a date", place=place, mend="write 2024, 2024-12 or 2024-12-31"
            ) from error
        return cls(text, first, last)

    @classmethod
    def until(cls, day: date | None, *, text: str = "") -> Period:
        """Some day not after this one; None where nothing at all is known."""
        return cls(text, None, day)

    @property
    def exact(self) -> bool:
        """Whether it is a single day."""
        return self.earliest is not None and self.earliest == self.latest

    @property
    def year(self) -> int | None:
        """The year, where it cannot be but one."""
        if self.earliest is None or self.latest is None or self.earliest.year != self.latest.year:
            return None
        return self.earliest.year

    def capped(self, day: date | None) -> Period:
        """The same, known to have happened by this day; a day outside the period tells nothing."""
        if day is None or (self.earliest is not None and day < self.earliest):
            return self
        if self.latest is not None and self.latest <= day:
            return self
        return replace(self, latest=day)

    def to_record(self) -> dict[str, str | None]:
        """The JSON shape ``{text, earliest, latest}``; an open end is null."""
        ends = (None if day is None else day.isoformat() for day in (self.earliest, self.latest))
        return dict(zip(("text", "earliest", "latest"), (self.text or None, *ends), strict=True))


def _days(year: str, month: str | None = None, day: str | None = None) -> tuple[date, date]:
    """The first and the last day; ValueError where there are none."""
    first = date(int(year), int(month or 1), int(day or 1))
    if day is not None:
        return first, first
    last_month = first.month if month is not None else 12
    return first, date(first.year, last_month, monthrange(first.year, last_month)[1])
