"""Verdicts of the guard, remembered by the shape of a query: most clients ask one shape about many things."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from stemgraph.app.jail.guard import CheckedQuery, check

MOST_SHAPES: Final = 512
LONGEST_SHAPE: Final = 4_096
"""Characters of the longest query whose verdict is remembered."""
_MARK: Final = "\x00"
_PLAIN_IRI: Final = re.compile(r"<https?://[A-Za-z0-9._~/%-]+>")
"""An IRI in which nothing can be read in another way."""
_PLAIN_NUMBER: Final = re.compile(r"(?<=[ \t\r\n])[0-9]+(?=[ \t\r\n)}]|\Z)")
"""A whole number that stands by itself."""


class Verdicts:
    """The guard, which looks at each shape of a query once.

    The shape is the query without the text of its plain IRIs and numbers. Each of these is a token of its
    own, or lies within a string or a comment, which end where they did: queries of one shape have the same
    tokens but for these, so that nesting, patterns, prefixes and keywords are the same. What depends on the
    IRIs themselves is judged each time: a query that says FROM, and any text with the word SERVICE.

    Args:
        prefixes: Prefixes that hold without being declared.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._passed: dict[str, CheckedQuery] = {}

    def __len__(self) -> int:
        return len(self._passed)

    def check(self, query: str, graphs: Collection[str]) -> CheckedQuery:
        """Let a query pass, or refuse it at its place.

        Args:
            query: The text.
            graphs: IRIs of the named graphs that FROM may name.

        Raises:
            QueryForbiddenError: It reaches outside the graph or changes it.
            QueryError: It is nested too deeply, a string does not end, or it is no query at all.
        """
        if len(query) > LONGEST_SHAPE or _MARK in query or "service" in query.lower():
            return check(query, graphs=graphs, prefixes=self._prefixes)
        shape = _PLAIN_NUMBER.sub(_MARK, _PLAIN_IRI.sub(_MARK + "<>", query))
        known = self._passed.get(shape)
        if known is not None:
            return CheckedQuery(query, known.form, varies=known.varies, self_contained=known.self_contained)
        found = check(query, graphs=graphs, prefixes=self._prefixes)
        if not found.has_dataset and found.undeclared is None:
            if len(self._passed) >= MOST_SHAPES:
                self._passed.clear()
            self._passed[shape] = replace(found, text="")
        return found
