"""The fields of one YAML row, each read as the kind it must have."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from stemgraph.ontology.errors import ContentError, MalformedIdentifierError
from stemgraph.ontology.identifiers import expand
from stemgraph.ontology.located_yaml import Located
from stemgraph.ontology.vocabulary import enumeration

_PARTIAL_DATE: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_URL: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


class Fields:
    """A mapping of the content whose keys are known beforehand.

    Raises:
        ContentError: It is no mapping, or has another key; the readers below raise it for a wrong value.
    """

    def __init__(self, located: Located, allowed: Collection[str]) -> None:
        self.place = located.place
        self._values = located.mapping
        for key, value in self._values.items():
            if key not in allowed:
                raise ContentError(
                    f"'{key}' is not a field here", place=value.place, mend=suggestion(key, allowed)
                )

    def __contains__(self, key: str) -> bool:
        return key in self._values and self._values[key].value is not None

    def __getitem__(self, key: str) -> Located:
        if key not in self:
            raise ContentError(f"the field '{key}' is missing", place=self.place, mend=f"add `{key}: …`")
        return self._values[key]

    def place_of(self, key: str) -> str:
        """Where a field stands, or the row if it is absent."""
        return self._values[key].place if key in self._values else self.place

    def text(self, key: str) -> str:
        """A field that must be there, as text; a number is taken as written."""
        return text_of(self[key])

    def optional_text(self, key: str) -> str | None:
        """A text, or None where the field is absent."""
        return self.text(key) if key in self else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A text or a list of texts; empty where the field is absent."""
        return tuple(text_of(each) for each in one_or_many(self[key])) if key in self else ()

    def curie(self, key: str) -> str:
        """A CURIE with a known prefix."""
        return curie_of_located(self[key])

    def optional_curie(self, key: str) -> str | None:
        """A CURIE, or None where the field is absent."""
        return self.curie(key) if key in self else None

    def curies(self, key: str) -> tuple[str, ...]:
        """A CURIE or a list of CURIEs, sorted; empty where the field is absent."""
        return tuple(sorted(curie_of_located(each) for each in one_or_many(self[key]))) if key in self else ()

    def reference(self, key: str) -> str:
        """A CURIE or an http(s) address."""
        text = self.text(key)
        return text if _URL.fullmatch(text) else self.curie(key)

    def check_reference(self, text: str, key: str) -> None:
        """Refuse a member of a list that is neither a CURIE nor an http(s) address."""
        if not _URL.fullmatch(text):
            try:
                expand(text)
            except MalformedIdentifierError as problem:
                raise ContentError(problem.message, place=self.place_of(key), mend=problem.mend) from problem

    def url(self, key: str) -> str | None:
        """An http(s) address, or None where the field is absent."""
        text = self.optional_text(key)
        if text is not None and not _URL.fullmatch(text):
            raise ContentError(f"'{text}' is not an http(s) address", place=self.place_of(key))
        return text

    def value_of(self, key: str, enumeration_name: str) -> str:
        """A value of an enumeration of the vocabulary."""
        return value_of_enumeration(self[key], enumeration_name)

    def partial_date(self, key: str) -> str | None:
        """A date of which day, or month and day, may be unsaid."""
        return partial_date_of(self[key]) if key in self else None

    def integer(self, key: str) -> int | None:
        """A whole number, not negative, or None where the field is absent."""
        return integer_of(self[key]) if key in self else None

    def boolean(self, key: str) -> bool:
        """True or false; false where the field is absent."""
        if key not in self:
            return False
        value = self[key].value
        if not isinstance(value, bool):
            raise ContentError(f"'{key}' must be true or false", place=self.place_of(key))
        return value


def text_of(located: Located) -> str:
    """A text; a whole number is taken as written."""
    if isinstance(located.value, int) and not isinstance(located.value, bool):
        return str(located.value)
    return located.text


def one_or_many(located: Located) -> tuple[Located, ...]:
    """The members of a list, or the one value."""
    return located.items if isinstance(located.value, tuple) else (located,)


def integer_of(located: Located) -> int:
    """A whole number, not negative."""
    if not isinstance(located.value, int) or isinstance(located.value, bool) or located.value < 0:
        raise ContentError(f"a whole number is expected, not {located.plain!r}", place=located.place)
    return located.value


def curie_of_located(located: Located) -> str:
    """A CURIE with a known prefix."""
    text = text_of(located)
    try:
        expand(text)
    except MalformedIdentifierError as problem:
        raise ContentError(problem.message, place=located.place, mend=problem.mend) from problem
    return text


def partial_date_of(located: Located) -> str:
    """``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, of a day that the calendar has."""
    text = text_of(located)
    padded = text + "-01-01"[len(text) - 4 :] if _PARTIAL_DATE.fullmatch(text) else ""
    try:
        datetime.date.fromisoformat(padded)
    except ValueError as problem:
        raise ContentError(
            f"'{text}' is not a date", place=located.place, mend="write YYYY, YYYY-MM or YYYY-MM-DD"
        ) from problem
    return text


def value_of_enumeration(located: Located, name: str) -> str:
    """A value of an enumeration of the vocabulary."""
    text = text_of(located)
    allowed = enumeration(name)
    if text not in allowed:
        raise ContentError(
            f"'{text}' is not a value of {name}", place=located.place, mend=suggestion(text, allowed)
        )
    return text


def suggestion(given: str, allowed: Collection[str]) -> str:
    """What to write instead: the near matches, or all that is allowed."""
    near = get_close_matches(given, allowed, n=2)
    return f"did you mean {' or '.join(near)}?" if near else f"use one of {', '.join(sorted(allowed))}"
