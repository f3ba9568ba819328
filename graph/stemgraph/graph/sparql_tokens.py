"""SPARQL text cut into tokens, strictly enough to say what is code and what is string, comment or IRI.

A guard must not be fooled about where a string ends. Oxigraph's parser has no tokens: it backtracks, so it
may read `<` as an operator where the longest match is an IRI, and three quotes as an empty string and the
beginning of another. Hence the two rules here: a quote that begins no well-formed string is a token of its
own kind, which the guard refuses; and every `<` that could be read both ways is read both ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

FROM: Final = frozenset({"from", "fromnamed"})
"""The word that names a query's graphs; Oxigraph wants no space before NAMED."""

_NAME_CHARACTERS = r"A-Za-z0-9_\u00b7-\U0010ffff"
_CODE_POINT = (
    r"\\u(?![dD][89a-fA-F])[0-9A-Fa-f]{4}"
    r"|\\U(?:0000(?![dD][89a-fA-F])|000[1-9A-Fa-f]|0010)[0-9A-Fa-f]{4}"
)
_ESCAPE = rf"""\\[tbnrf\\"']|{_CODE_POINT}"""

# Possessive throughout: no text makes the cutting take more than a time proportional to its length.
_TOKEN: Final = re.compile(
    "|".join(
        (
            r"(?P<space>[ \t\r\n]++)",
            r"(?P<comment>\#[^\r\n]*+)",
            rf'(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]++|{_CODE_POINT})*+>)',
            rf"""(?P<string>"{{3}}(?:[^"\\]++|{_ESCAPE}|"(?!""))*+"{{3}}"""
            rf"""|'{{3}}(?:[^'\\]++|{_ESCAPE}|'(?!''))*+'{{3}}"""
            rf"""|"(?!"")(?:[^"\\\r\n]++|{_ESCAPE})*+"|'(?!'')(?:[^'\\\r\n]++|{_ESCAPE})*+')""",
            r"""(?P<unclosed>["'])""",
            rf"(?P<variable>[?$][{_NAME_CHARACTERS}]++)",
            rf"(?P<blank>_:[{_NAME_CHARACTERS}.\-]++)",
            r"(?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)",
            rf"(?P<name>(?:[A-Za-z\u00c0-\U0010ffff][{_NAME_CHARACTERS}.\-]*+)?+"
            rf":(?:[{_NAME_CHARACTERS}.\-:%]++|\\[_~.\-!$&'()*+,;=/?\#@%])*+)",
            rf"(?P<word>[A-Za-z_\u00c0-\U0010ffff][{_NAME_CHARACTERS}.\-]*+)",
            r"(?P<number>[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)",
            r"(?P<open>[{(\[])",
            r"(?P<close>[})\]])",
            r"(?P<mark>[\s\S])",
        )
    )
)
_SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*://")

_SKIPPED: Final = frozenset({"space", "comment"})


class Token(NamedTuple):
    """A piece of the text; ``kind`` is the name of its group in the pattern.

    A word may hold full stops and hyphens, as the part of a prefixed name before its colon does.
    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the next one begins."""
        return self.start + len(self.text)


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """The tokens from a position on, longest match first, without white space and comments."""
    for match in _TOKEN.finditer(text, start):
        kind = match.lastgroup or ""
        if kind not in _SKIPPED:
            yield Token(kind, match.group(), match.start())


def every_reading(text: str) -> Iterator[Token]:
    """Each token of any way in which the text can be read, in no particular order."""
    seen: set[int] = set()
    starts = [0]
    while starts:
        for token in tokens(text, starts.pop()):
            if token.start in seen or token.kind == "unclosed":
                break  # read already, or not readable in this way
            seen.add(token.start)
            if token.kind == "iri" and _may_be_comparison(token.text):
                starts.append(token.start + 1)
            yield token


def _may_be_comparison(iri: str) -> bool:
    # As a comparison only what begins a comment or a string would change what follows, and
    # `scheme://` cannot be an operand: no expression has two slashes in a row.
    return ("#" in iri or "'" in iri) and not _SCHEME.match(iri)


def names_its_graphs(query: str) -> bool:
    """Whether a query says FROM; Oxigraph would silently put the union in its place."""
    return any(token.kind == "word" and token.text.lower() in FROM for token in tokens(query))


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1, columns in characters."""
    before = text[:offset]
    line = before.count("\n") + 1
    return line, offset - (before.rfind("\n") + 1) + 1
