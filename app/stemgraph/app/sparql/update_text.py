"""A SPARQL 1.1 Update cut into its operations, each with its parts, by the tokens of its text.

What the parts mean is left to Oxigraph, which reads each of them with the prologue before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NoReturn

from stemgraph.graph.errors import QueryError, QueryForbiddenError
from stemgraph.graph.sparql_tokens import Token, position, tokens

MOST_OPERATIONS: Final = 1000

_PROLOGUE: Final = frozenset({"base", "prefix", "version"})
_OPERATIONS: Final = "INSERT, DELETE, WITH, CLEAR, DROP, CREATE, ADD, MOVE or COPY"


@dataclass(frozen=True, slots=True)
class Block:
    """The text between two braces, the braces included, and where it stands."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Target:
    """What CLEAR and its like are about: a graph as written, or the word DEFAULT, NAMED or ALL."""

    text: str
    is_word: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation.

    ``form`` is ``insert data``, ``delete data``, ``delete where``, ``modify``, ``clear``, ``drop``,
    ``create``, ``add``, ``move`` or ``copy``.
    """

    form: str
    prologue: str
    start: int
    silent: bool = False
    inserts: Block | None = None
    deletes: Block | None = None
    where: Block | None = None
    with_graph: str | None = None
    using: tuple[str, ...] = ()
    using_named: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()

    @property
    def has_dataset(self) -> bool:
        """Whether it says itself which graphs it sees: then a request must not."""
        return self.with_graph is not None or bool(self.using or self.using_named)


def operations(update: str) -> list[Operation]:
    """The operations of an update, in its order.

    Raises:
        QueryForbiddenError: It says LOAD.
        QueryError: It is no update; ``line`` and ``column`` say where.
    """
    reading = _Reading(update, list(tokens(update)))
    found = list(reading.operations())
    if len(found) > MOST_OPERATIONS:
        raise QueryError(
            f"the update has more than {MOST_OPERATIONS} operations", mend="send it in several requests"
        )
    return found


class _Reading:
    def __init__(self, text: str, found: Sequence[Token]) -> None:
        self._text = text
        self._tokens = found
        self._next = 0
        self._prologue: list[str] = []

    def operations(self) -> Iterator[Operation]:
        while True:
            self._read_prologue()
            if self._peek() is None:
                return
            yield self._operation()
            if self._peek() is None:
                return
            self._expect_mark(";")

    def _read_prologue(self) -> None:
        while (token := self._peek()) is not None and token.text.lower() in _PROLOGUE:
            first = self._take()
            if first.text.lower() == "prefix":
                self._take()
            last = self._take()
            self._prologue.append(self._text[first.start : last.end])

    def _operation(self) -> Operation:
        targets: tuple[Target, ...]
        token = self._take()
        word = token.text.lower() if token.kind == "word" else ""
        prologue = "\n".join(self._prologue) + "\n"
        match word:
            case "load":
                raise self._forbidden(token)
            case "insert" | "delete" if self._is_word("data"):
                self._take()
                block = self._block()
                if word == "insert":
                    return Operation("insert data", prologue, token.start, inserts=block)
                return Operation("delete data", prologue, token.start, deletes=block)
            case "delete" if self._is_word("where"):
                self._take()
                return Operation("delete where", prologue, token.start, deletes=self._block())
            case "insert" | "delete" | "with":
                return self._modify(token, prologue)
            case "clear" | "drop" | "create":
                silent = self._skip_word("silent")
                targets = (self._target(word == "create"),)
            case "add" | "move" | "copy":
                silent = self._skip_word("silent")
                source = self._target(one=True)
                if not self._skip_word("to"):
                    self._refuse("TO is missing", "write the graph to read, TO, and the graph to write")
                targets = (source, self._target(one=True))
            case _:
                self._next -= 1
                self._refuse("not an update", f"begin each operation with {_OPERATIONS}")
        return Operation(word, prologue, token.start, silent=silent, targets=targets)

    def _modify(self, first: Token, prologue: str) -> Operation:
        with_graph = self._graph() if first.text.lower() == "with" else None
        word = first.text.lower()
        if word == "with":
            word = self._take().text.lower()
        deletes = inserts = None
        if word == "delete":
            deletes = self._block()
            word = self._take().text.lower() if self._is_word("insert") else ""
        if word == "insert":
            inserts = self._block()
        if deletes is None and inserts is None:
            self._next -= 1
            self._refuse("DELETE or INSERT is missing", "after WITH say what to delete or insert")
        using: list[str] = []
        named: list[str] = []
        while self._skip_word("using"):
            (named if self._skip_word("named") else using).append(self._graph())
        if not self._skip_word("where"):
            self._refuse("WHERE is missing", "say WHERE { … } after what to delete and insert")
        return Operation(
            "modify",
            prologue,
            first.start,
            inserts=inserts,
            deletes=deletes,
            where=self._block(),
            with_graph=with_graph,
            using=tuple(using),
            using_named=tuple(named),
        )

    def _target(self, one: bool) -> Target:
        """A graph; DEFAULT; and where ``one`` is not asked for, NAMED or ALL."""
        for word in ("default",) if one else ("default", "named", "all"):
            if self._skip_word(word):
                return Target(word, is_word=True)
        self._skip_word("graph")
        return Target(self._graph(), is_word=False)

    def _graph(self) -> str:
        token = self._peek()
        if token is None or token.kind not in ("iri", "name"):
            self._refuse("a graph is missing", "name it by its IRI, as <https://…>")
        return self._take().text

    def _block(self) -> Block:
        first = self._peek()
        if first is None or first.text != "{":
            self._refuse("{ is missing", "put what belongs together in braces")
        depth = 0
        while True:
            token = self._take()
            depth += (token.kind == "open") - (token.kind == "close")
            if depth == 0:
                return Block(self._text[first.start : token.end], first.start)

    def _expect_mark(self, mark: str) -> None:
        token = self._peek()
        if token is None or token.text != mark:
            self._refuse(f"{mark} is missing between two operations", f"write {mark} after each operation")
        self._take()

    def _skip_word(self, word: str) -> bool:
        if self._is_word(word):
            self._next += 1
            return True
        return False

    def _is_word(self, word: str) -> bool:
        token = self._peek()
        return token is not None and token.kind == "word" and token.text.lower() == word

    def _peek(self) -> Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _take(self) -> Token:
        token = self._peek()
        if token is None:
            self._refuse("the update ends too early", "finish it, and close every brace")
        self._next += 1
        return token

    def _refuse(self, message: str, mend: str) -> NoReturn:
        token = self._peek()
        line, column = position(self._text, len(self._text) if token is None else token.start)
        raise QueryError(message, line=line, column=column, mend=mend)

    def _forbidden(self, token: Token) -> QueryForbiddenError:
        line, column = position(self._text, token.start)
        return QueryForbiddenError(
            "LOAD is refused: this service fetches nothing from other hosts",
            line=line,
            column=column,
            mend="fetch the document yourself and send it to /graph-store",
        )


def variables(block: Block) -> list[str]:
    """The names of the variables in a block, each once, in its order."""
    found = (token.text[1:] for token in tokens(block.text) if token.kind == "variable")
    return list(dict.fromkeys(found))


def with_variables_replaced(block: Block, namespace: str) -> str:
    """The block with each variable as an IRI of a namespace, ending in its name."""
    parts: list[str] = []
    end = 0
    for token in tokens(block.text):
        if token.kind == "variable":
            parts += [block.text[end : token.start], f"<{namespace}{token.text[1:]}>"]
            end = token.end
    return "".join([*parts, block.text[end:]])


def first_blank_node(block: Block) -> int | None:
    """The offset, in the update, of the first thing in a block that makes a blank node."""
    found = list(tokens(block.text))
    for token, following in pairwise(found):
        opens = token.text == "[" or (token.text == "(" and following.text != ")")
        is_triple_term = block.text[: token.start].endswith("<<")
        if token.kind == "blank" or (opens and not is_triple_term):
            return block.start + token.start
    return None
