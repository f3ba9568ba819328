"""Text filters of a query, narrowed to the literals that can pass them.

An engine reads every label to find those that hold a word. Where a filter of the outermost group asks that
of a variable which a triple pattern of the same group binds to the object of a known predicate, the literals
that can pass are looked up, and the group is given them: ``VALUES ?label {…}`` at its beginning. The filter
stays.

Why the answers are the same: joins may be taken in any order, so a block of values at the beginning of the
group is as good as one beside the pattern that binds the variable, as long as nothing but patterns and
filters stands before that. There it takes away only solutions whose literal is not listed. What follows in
the group, OPTIONAL, MINUS, BIND and the like, works on each solution by itself and leaves its variables as
they are, so what comes of those that were taken away has that literal still, and the filter, which holds for
the whole group, takes it away as well: everything that passes is listed. Each literal is listed once, so
that no solution is doubled. (SPARQL 1.1 Query, sections 17.2 and 18.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from stemgraph.app.jail.literals import LiteralIndex
from stemgraph.graph.sparql_tokens import Token, tokens

MOST_LITERALS: Final = 1_000
"""Literals above which it does not pay to list them."""
SHORTEST_TEXT: Final = 3
_CASES: Final = frozenset({"lcase", "ucase"})
_HOLDING: Final = ("contains", "strstarts", "strends")
_FUNCTIONS: Final = (*_HOLDING, "regex")
_PLAINLY_IRI: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*://")
_PLAIN_PATTERN: Final = re.compile(r"\^?([A-Za-z0-9 -]+)\$?")
_OF_PATTERNS: Final = frozenset({"", "a", "true", "false"})
"""The words within a triple pattern, and what is no word."""
_SIMPLE: Final = frozenset({"variable", "iri", "name"})


def narrowed(query: str, index: LiteralIndex, prefixes: Mapping[str, str]) -> str:
    """A query of the same answers, with a text filter narrowed; itself where there is none to narrow.

    Args:
        query: One that the guard let pass.
        index: The literals of the store that is asked.
        prefixes: Prefixes that hold without being declared.
    """
    text = query.lower()
    if "\\" in query or not any(function in text for function in _FUNCTIONS):
        return query  # an escape may stand for any character, in a name too
    found = list(tokens(query))
    if any(token.kind == "iri" and not _PLAINLY_IRI.match(token.text) for token in found):
        return query  # it may be read as two comparisons, and all that follows in another way
    begin = _outermost_group(found)
    declared = _declared(found, prefixes)
    if begin is None or declared is None:
        return query
    group = _Group(found, begin, declared)
    for variable, text in group.asked:
        for predicate in group.bound.get(variable, ()):
            literals = index.holding(predicate, text, MOST_LITERALS)
            if literals is not None:
                place = found[begin].end
                return f"{query[:place]} VALUES {variable} {{ {' '.join(literals)} }} {query[place:]}"
    return query


def _word(token: Token) -> str:
    return token.text.lower() if token.kind == "word" else ""


def _outermost_group(found: Sequence[Token]) -> int | None:
    """Where the group of the query begins: after WHERE, or in what makes no graph, the first."""
    form = next(
        (_word(each) for each in found if _word(each) in ("select", "ask", "construct", "describe")), ""
    )
    depth = 0
    for place, token in enumerate(found):
        if (
            token.text == "{"
            and depth == 0
            and (form in ("select", "ask") or _word(found[place - 1]) == "where")
        ):
            return place
        depth += (token.kind == "open") - (token.kind == "close")
    return None


def _declared(found: Sequence[Token], prefixes: Mapping[str, str]) -> dict[str, str] | None:
    """The prefixes of a query; None where one of its IRIs may be relative."""
    declared = dict(prefixes)
    for place, token in enumerate(found):
        word = _word(token)
        if word == "base":
            return None
        if word == "prefix":
            name, iri = found[place + 1 : place + 3] if place + 2 < len(found) else (token, token)
            if name.kind != "name" or iri.kind != "iri":
                return None
            declared[name.text.removesuffix(":")] = iri.text[1:-1]
    return declared


class _Group:
    """What the outermost group says of variables: what binds them, and what texts they are to hold.

    Args:
        found: The tokens of the query.
        begin: Where its brace is among them.
        declared: The prefixes.
    """

    def __init__(self, found: Sequence[Token], begin: int, declared: Mapping[str, str]) -> None:
        self.bound: dict[str, list[str]] = {}
        """The IRIs of the predicates of which a variable is an object, by its text."""
        self.asked: list[tuple[str, str]] = []
        """The text of a variable, and what it is to hold."""
        self._found = found
        self._declared = declared
        self._binds = True
        self._read(begin + 1)

    def _read(self, place: int) -> None:
        """Read up to the brace that closes the group."""
        found, statement = self._found, list[Token]()
        while place < len(found) and found[place].text != "}":
            token, word = found[place], _word(found[place])
            if token.text != "{" and word in _OF_PATTERNS:
                place = self._read_pattern(place, statement)
                continue
            self._keep(statement)
            statement.clear()
            if word == "filter":
                place = self._read_filter(place + 1)
            elif word == "graph" and [each.text for each in found[place + 2 : place + 3]] == ["{"]:
                place = self._read_graph(place + 2)
            else:
                self._binds = False  # what follows may bind in other ways
                place = self._past(place) if token.text == "{" else place + 1
        self._keep(statement)

    def _read_graph(self, begin: int) -> int:
        """Read a block of patterns of one graph."""
        end = self._past(begin)
        inside = self._found[begin + 1 : end - 1]
        if any(each.text in "{}" or _word(each) not in _OF_PATTERNS for each in inside):
            self._binds = False
            return end
        statement: list[Token] = []
        place = begin + 1
        while place < end - 1:
            place = self._read_pattern(place, statement)
        self._keep(statement)
        return end

    def _read_pattern(self, place: int, statement: list[Token]) -> int:
        """Take one more token of a statement, which a full stop ends."""
        token = self._found[place]
        if token.text == ".":
            self._keep(statement)
            statement.clear()
        else:
            statement.append(token)
            if token.kind in ("name", "blank") and token.text.endswith("."):
                statement.clear()  # the full stop is a part of the token: it is not told which
        return place + 1

    def _keep(self, statement: Sequence[Token]) -> None:
        """Keep what a statement of plain patterns binds."""
        if not self._binds or not statement or any(each.kind in ("open", "close") for each in statement):
            return
        subject, *rest = statement
        if subject.kind not in _SIMPLE:
            return
        for part in _split(rest, ";"):
            objects = list(_split(part[1:], ","))
            predicate = self._iri(part[0]) if part else None
            if predicate is None or any(len(each) != 1 for each in objects):
                continue
            for (each,) in objects:
                if each.kind == "variable":
                    self.bound.setdefault("?" + each.text[1:], []).append(predicate)

    def _iri(self, token: Token) -> str | None:
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, _, local = token.text.partition(":")
        if token.kind != "name" or prefix not in self._declared:
            return None
        return self._declared[prefix] + local

    def _read_filter(self, place: int) -> int:
        """Read a filter: parts that all must hold."""
        found = self._found
        if place < len(found) and _word(found[place]) in ("exists", "not"):
            while place < len(found) and found[place].text != "{":
                place += 1
            return self._past(place)
        begin = place
        while place < len(found) and found[place].text != "(":
            place += 1
        end = self._past(place)
        for part in _conjuncts(found[begin:end]):
            asked = _asked(part)
            if asked is not None:
                self.asked.append(asked)
        return end

    def _past(self, place: int) -> int:
        """After what closes what opens here."""
        depth = 0
        for at in range(place, len(self._found)):
            kind = self._found[at].kind
            depth += (kind == "open") - (kind == "close")
            if depth == 0:
                return at + 1
        return len(self._found)


def _split(found: Sequence[Token], mark: str) -> Iterator[Sequence[Token]]:
    begin = 0
    for place, token in enumerate(found):
        if token.text == mark:
            yield found[begin:place]
            begin = place + 1
    yield found[begin:]


def _conjuncts(found: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The parts between the ``&&`` of an expression; none where it may hold without all of them."""
    found = _bare(found)
    depth, begin, places = 0, 0, list[int]()
    for place, token in enumerate(found):
        depth += (token.kind == "open") - (token.kind == "close")
        if depth == 0 and token.text == "|":
            return
        if depth == 0 and token.text == "&":
            places.append(place)
    for place in places[::2]:
        yield _bare(found[begin:place])
        begin = place + 2
    yield _bare(found[begin:])


def _bare(found: Sequence[Token]) -> Sequence[Token]:
    """An expression without the parentheses around the whole of it."""
    while len(found) > 1 and found[0].text == "(" and found[-1].text == ")":
        depth = 0
        for place, token in enumerate(found):
            depth += (token.kind == "open") - (token.kind == "close")
            if depth == 0 and place < len(found) - 1:
                return found
        found = found[1:-1]
    return found


def _asked(found: Sequence[Token]) -> tuple[str, str] | None:
    """The variable that a call looks at, and the text that it must hold, in whatever case."""
    words = [_word(token) for token in found]
    if len(found) < 6 or found[1].text != "(" or found[-1].text != ")":
        return None
    place = 2
    around: list[str] = []
    while found[place + 1].text == "(" and place + 3 < len(found):
        around.append(words[place])
        place += 2
    closing = len(around)
    cases = [word for word in around if word != "str"]
    if len(cases) > 1 or not _CASES.issuperset(cases):
        return None  # of two cases, one after the other, it is not told what they have in common
    variable, rest = found[place], found[place + 1 : -1]
    if variable.kind != "variable" or [each.text for each in rest[: closing + 1]] != [")"] * closing + [","]:
        return None
    text = _text_of(words[0], rest[closing + 1 :])
    if text is None or len(text) < SHORTEST_TEXT:
        return None
    return "?" + variable.text[1:], text


def _text_of(function: str, arguments: Sequence[Token]) -> str | None:
    """The text that a call with these further arguments looks for."""
    if not arguments or arguments[0].kind != "string":
        return None
    text = _content(arguments[0].text)
    if function in _HOLDING:
        return text if len(arguments) == 1 else None
    flags = [(each.kind, each.text[1:-1]) for each in arguments[1:]]
    plain = _PLAIN_PATTERN.fullmatch(text)
    if function != "regex" or plain is None or flags not in ([], [("mark", ""), ("string", "i")]):
        return None
    return plain[1]


def _content(string: str) -> str:
    quotes = 3 if string[:3] in ('"""', "'''") and len(string) >= 6 else 1
    return string[quotes:-quotes]
