"""Oxigraph's complaint about a query, turned into a place and a reason that a person can use."""

from __future__ import annotations

import re
from typing import Final

from stemgraph.app.jail.guard import CheckedQuery
from stemgraph.graph.errors import QueryError
from stemgraph.graph.sparql_tokens import position

_COMPLAINT: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_CHARACTER_CLASS: Final = re.compile(r"\[[^\]]*\](?:,\s*|$)")
_SENTENCE: Final = re.compile(r"[A-Z].*[a-z] .*")
_MOST_EXPECTED: Final = 6
_SHOWN: Final = 30


def syntax_error(query: CheckedQuery, complaint: str) -> QueryError:
    """The error of a query that does not parse, with line, column and the text found there."""
    found = _COMPLAINT.search(complaint)
    if found is None:
        return QueryError(complaint)
    line, column = int(found.group(1)), int(found.group(2))
    offset = _offset(query.text, line, column)
    if query.undeclared is not None:
        start, prefix = query.undeclared
        if start <= offset and not query.text[start:offset].split(maxsplit=1)[1:]:
            line, column = position(query.text, start)
            return QueryError(
                f"the prefix '{prefix}:' is not declared",
                line=line,
                column=column,
                mend=f"begin the query with PREFIX {prefix}: <…>",
            )
    reason = _reason(found.group(3))
    return QueryError(
        f"the query does not parse {_found_at(query.text, offset)}{reason}",
        line=line,
        column=column,
        mend="mend what stands there or just before it",
    )


def _offset(text: str, line: int, column: int) -> int:
    before = 0
    for _ in range(line - 1):
        before = text.find("\n", before) + 1
    return before + column - 1


def _found_at(text: str, offset: int) -> str:
    rest = text[offset:].strip()
    if not rest:
        return "near its end"  # Oxigraph often tells the place behind the one that is wrong
    shown = rest.split("\n", 1)[0][:_SHOWN].rstrip()
    return f"at '{shown}{'…' if len(shown) < len(rest) else ''}'"


def _reason(expected: str) -> str:
    words = [word.strip() for word in _CHARACTER_CLASS.sub("", expected).split(", ")]
    sentences = [word for word in words if _SENTENCE.fullmatch(word)]
    if sentences:
        return f": {sentences[0]}"
    listed = [word for word in words if word][:_MOST_EXPECTED]
    return f"; expected {' or '.join(listed)}" if listed else ""
