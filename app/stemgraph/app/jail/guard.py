"""What a SPARQL query may not hold, found before it reaches a worker.

Refused: other servers (SERVICE), updates, graphs that are not here (FROM), too long or too deeply nested
text, more patterns than can be planned, and strings that do not end. Everything else is the parser's to
judge.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal
from urllib.parse import urljoin

from stemgraph.graph.errors import QueryError, QueryForbiddenError
from stemgraph.graph.sparql_tokens import FROM, Token, every_reading, position, tokens

Form = Literal["select", "ask", "construct", "describe"]

FORMS: Final[tuple[Form, ...]] = ("select", "ask", "construct", "describe")
UPDATES: Final = ("insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with")
PROLOGUE: Final = ("base", "prefix", "version")
VARYING: Final = frozenset({"now", "rand", "uuid", "struuid"})
QUERIES_ONLY: Final = "ask with SELECT, ASK, CONSTRUCT or DESCRIBE; files are loaded with `stemgraph load`"
DEEPEST_NESTING: Final = 100
LONGEST_CHAIN: Final = 100
"""Operators in a row that stand before what they apply to: the parser recurses over each."""
MOST_PATTERNS: Final = 250
"""Triple patterns and clauses of a group: the planner's time grows with their square or worse."""
_PREFIXED: Final = frozenset("!-+^")
_PATTERN_ENDS: Final = frozenset(".;,")
_COUNTED: Final = frozenset({"open", "close", "word", "mark"})
"""Kinds of tokens that bear on the number of patterns."""
_CLAUSES: Final = frozenset({"optional", "minus", "union", "exists", "bind", "graph", "lateral"})
MOST_TOKENS: Final = 50_000
"""Words and signs of the longest query: reading a million of them takes this process seconds."""
_LISTED_GRAPHS: Final = 20

_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class CheckedQuery:
    """A query that may run, and what was learnt on the way."""

    text: str
    form: Form
    has_dataset: bool = False
    """Whether it says FROM."""
    varies: bool = False
    """Whether it may answer otherwise each time: it holds NOW, RAND or UUID."""
    self_contained: bool = False
    """Whether it declares every prefix that it uses."""
    undeclared: tuple[int, str] | None = None
    """Offset and prefix of the first name whose prefix is not declared."""


def check(query: str, *, graphs: Collection[str], prefixes: Mapping[str, str]) -> CheckedQuery:
    """Let a query pass, or refuse it at its place.

    Args:
        query: The text.
        graphs: IRIs of the named graphs that FROM may name.
        prefixes: Prefixes that hold without being declared.

    Raises:
        QueryForbiddenError: It reaches outside the graph or changes it.
        QueryError: It is nested too deeply, a string does not end, or it is no query at all.
    """
    found = _closed_and_flat(query)
    if "service" in query.lower():
        _refuse_service(query)
    form = _form(query, found)
    own: dict[str, str] = {}
    base = _read_prologue(found, own)
    words = {token.text.lower() for token in found if token.kind == "word"}
    has_dataset = not words.isdisjoint(FROM)
    if has_dataset:
        _refuse_unknown_graphs(query, found, graphs, {**prefixes, **own}, base)
    borrowed = [name for name in _prefixes_used(found) if name[1] not in own]
    return CheckedQuery(
        query,
        form,
        has_dataset=has_dataset,
        varies=not words.isdisjoint(VARYING),
        self_contained=not borrowed,
        undeclared=next((name for name in borrowed if name[1] not in prefixes), None),
    )


def check_text(text: str) -> None:
    """Refuse what holds of any SPARQL text, an update too: SERVICE, too much nesting, strings without an end.

    Raises:
        QueryForbiddenError: It says SERVICE.
        QueryError: It is too long or nested too deeply, or a string does not end.
    """
    _closed_and_flat(text)
    if "service" in text.lower():
        _refuse_service(text)


def _closed_and_flat(query: str) -> list[Token]:
    """The tokens, once all of them are known to be bearable."""
    found: list[Token] = []
    depth = chain = 0
    patterns = _PatternCount()
    for token in tokens(query):
        kind = token.kind
        chain = chain + 1 if kind == "mark" and token.text in _PREFIXED else 0
        if chain > LONGEST_CHAIN:
            raise _refusal(
                query,
                token.start,
                f"more than {LONGEST_CHAIN} operators stand in a row",
                mend="leave out those that cancel each other",
            )
        if kind in _COUNTED and patterns.add(token) > MOST_PATTERNS:
            raise _refusal(
                query,
                token.start,
                f"the query has more than {MOST_PATTERNS} triple patterns and clauses",
                mend="split it into smaller queries; list terms with VALUES",
            )
        if len(found) >= MOST_TOKENS:
            raise _refusal(
                query,
                token.start,
                f"the query has more than {MOST_TOKENS:,} words and signs",
                mend="split it, or ask REST for many entities at once with POST /api/v1/entities",
            )
        if kind == "unclosed":
            raise _refusal(
                query,
                token.start,
                "this string does not end, or holds a bad escape",
                mend="close it with the quote that opens it, and write a backslash as \\\\",
            )
        if kind == "open":
            depth += 1
            if depth > DEEPEST_NESTING:
                raise _refusal(
                    query,
                    token.start,
                    f"the query is nested more than {DEEPEST_NESTING} levels deep",
                    mend="write it flatter",
                )
        elif kind == "close":
            depth -= 1
        found.append(token)
    return found


class _PatternCount:
    """Counts what the planner has to put in order: within braces, but not lists of arguments or values."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._values = False
        self._total = 0

    def add(self, token: Token) -> int:
        """Look at the next token; how many there are by now."""
        kind, text = token.kind, token.text
        if kind == "open":
            self._open.append("values" if self._values and text == "{" else text)
            self._values = self._values and text == "("
        elif kind == "close":
            if self._open:
                self._open.pop()
        elif kind == "word":
            word = text.lower()
            self._values = word == "values"
            self._total += word in _CLAUSES
        elif kind == "mark" and text in _PATTERN_ENDS and self._open and self._open[-1] == "{":
            self._total += 1
        return self._total


def _refuse_service(query: str) -> None:
    # Oxigraph takes keywords without a space around them, and falls back to a shorter reading when a prefix
    # is unknown or an IRI bad, so that `trueSERVICE:x{…}` and `ex:SERVICE<…>{…}` reach another server.
    # No other keyword has the word in it; a prefixed name may, unless what follows makes it a clause.
    for token in every_reading(query):
        if token.kind not in ("word", "name") or "service" not in token.text.lower():
            continue
        if token.kind == "word" or _begins_clause(query, token):
            raise _forbidden(
                query,
                token.start + token.text.lower().index("service"),
                "SERVICE is refused: queries see this graph only",
                "ask each server by itself and join the answers where they arrive",
            )


def _begins_clause(query: str, token: Token) -> bool:
    following = list(islice(tokens(query, token.end), 3))
    if following and following[0].text.lower() == "silent":
        following.pop(0)
    if following and following[0].kind in ("iri", "variable", "name"):
        following.pop(0)
    return bool(following) and following[0].text == "{"


def _form(query: str, found: Sequence[Token]) -> Form:
    for token in found:
        if token.kind != "word":
            continue
        word = token.text.lower()
        if word.startswith(PROLOGUE):
            continue
        for form in FORMS:
            if word.startswith(form):
                return form
        if word.startswith(UPDATES):
            raise _forbidden(
                query,
                token.start,
                f"{token.text.upper()} is refused: this endpoint answers queries only",
                QUERIES_ONLY,
            )
        break
    start = found[0].start if found else 0
    raise _refusal(query, start, "not a query", mend="begin it with SELECT, ASK, CONSTRUCT or DESCRIBE")


def _read_prologue(found: Sequence[Token], declared: dict[str, str]) -> str:
    """Collect the declared prefixes; the base IRI, which may be empty."""
    base = ""
    for index, token in enumerate(found):
        if token.kind != "word":
            continue
        word = token.text.lower()
        following = found[index + 1 : index + 3]
        if word == "base" and following and following[0].kind == "iri":
            base = _resolved(base, _iri(following[0].text))
        elif word == "prefix" and [each.kind for each in following] == ["name", "iri"]:
            declared[following[0].text.removesuffix(":")] = _resolved(base, _iri(following[1].text))
        elif word.startswith(FORMS):
            break
    return base


def _refuse_unknown_graphs(
    query: str, found: Sequence[Token], graphs: Collection[str], declared: Mapping[str, str], base: str
) -> None:
    for index, token in enumerate(found):
        if token.kind != "word" or token.text.lower() not in FROM:
            continue
        following = index + 1
        if following < len(found) and found[following].text.lower() == "named":
            following += 1
        graph = _graph(found[following], declared, base) if following < len(found) else None
        if graph is not None and graph not in graphs:
            raise _forbidden(
                query, found[following].start, f"the graph <{graph}> is not here", known_graphs_mend(graphs)
            )


def known_graphs_mend(graphs: Collection[str]) -> str:
    """What to say to someone who named a graph that is not here."""
    shown = sorted(graphs)[:_LISTED_GRAPHS]
    return f"name one of {', '.join(f'<{graph}>' for graph in shown)}" if shown else "leave the clause out"


def _graph(token: Token, declared: Mapping[str, str], base: str) -> str | None:
    if token.kind == "iri":
        return _resolved(base, _iri(token.text))
    if token.kind == "name":
        prefix, _, local = token.text.partition(":")
        namespace = declared.get(prefix)
        return None if namespace is None else namespace + local.replace("\\", "")
    return None


def _resolved(base: str, iri: str) -> str:
    """An IRI within a base; as it is where one of them is bad: the parser says so, and no graph has it."""
    try:
        return urljoin(base, iri) if base else iri
    except ValueError:  # such as a bracket in the place of a host
        return iri


def _iri(text: str) -> str:
    return _CODE_POINT.sub(lambda match: chr(int(match.group(1) or match.group(2), 16)), text[1:-1])


def _prefixes_used(found: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Offset and prefix of each prefixed name, but where a prefix is declared."""
    for index, token in enumerate(found):
        if token.kind == "name" and not (index and found[index - 1].text.lower() == "prefix"):
            yield token.start, token.text.partition(":")[0]


def _refusal(query: str, offset: int, message: str, *, mend: str | None = None) -> QueryError:
    line, column = position(query, offset)
    return QueryError(message, line=line, column=column, mend=mend)


def _forbidden(query: str, offset: int, message: str, mend: str | None = None) -> QueryForbiddenError:
    line, column = position(query, offset)
    return QueryForbiddenError(message, line=line, column=column, mend=mend)
