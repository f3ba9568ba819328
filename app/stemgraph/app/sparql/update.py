"""What a SPARQL 1.1 Update comes to on a store that it does not change: the quads it adds and removes.

Each operation of section 3 of the specification is evaluated on the state that those before it leave. What
matches a WHERE is asked of Oxigraph; what a template becomes for it is filled in here: first everything that
an operation deletes, then everything that it inserts, as section 4.3 has it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import pyoxigraph as ox

from stemgraph.app.errors import ResultTooLargeError
from stemgraph.app.sparql.update_text import (
    Block,
    Operation,
    Target,
    first_blank_node,
    operations,
    variables,
    with_variables_replaced,
)
from stemgraph.graph.errors import QueryError, QueryForbiddenError
from stemgraph.graph.quad_diff import QuadDiff, has_blank_node, lines_of
from stemgraph.graph.sparql_tokens import position
from stemgraph.ontology.identifiers import PREFIXES

MOST_QUADS: Final = 1_000_000
STATE_GRAPH: Final = ox.NamedNode(PREFIXES["sgg"] + "state")

GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = Mapping[str, Term]
Copy = Callable[[], ox.Store]
"""Makes a store with the same quads that may be written to."""


def copied(store: ox.Store) -> ox.Store:
    """A copy of a store in memory."""
    copy = ox.Store()
    copy.bulk_extend(store)
    return copy


def update_difference(
    store: ox.Store,
    update: str,
    *,
    prefixes: Mapping[str, str] = PREFIXES,
    using: tuple[str, ...] = (),
    using_named: tuple[str, ...] = (),
    copy: Copy | None = None,
    most_quads: int = MOST_QUADS,
) -> QuadDiff:
    """The difference that an update makes; every quad of it changes the store.

    Args:
        store: The quads; they stay as they are.
        update: The text.
        prefixes: Prefixes that hold without being declared.
        using: What a request gives as ``using-graph-uri``.
        using_named: What it gives as ``using-named-graph-uri``.
        copy: Makes a writable copy of the store, for an operation that reads what one before it wrote.
        most_quads: More changed quads are refused.

    Raises:
        SyntaxError: It does not parse.
        QueryForbiddenError: It says LOAD, or would write a blank node or to the writer's own graph.
        QueryError: A graph that it names is missing or there already, and it does not say SILENT; or both it
            and the request say which graphs it sees.
        ResultTooLargeError: It changes too many quads.
    """
    run = UpdateRun(
        store, update, prefixes=prefixes, copy=copy or (lambda: copied(store)), most_quads=most_quads
    )
    run.go(using, using_named)
    return run.difference()


def _parse(update: str, prefixes: Mapping[str, str]) -> None:
    """Have Oxigraph read all of it, on no data."""
    try:
        ox.Store().update(update, prefixes=dict(prefixes))
    except SyntaxError:
        raise
    except (OSError, RuntimeError, ValueError):
        pass  # what it does where there is no data is of no interest


class UpdateRun:
    """An update under way: the store, and what has changed so far.

    Args:
        store: The quads; they stay as they are.
        update: The text.
        prefixes: Prefixes that hold without being declared.
        copy: Makes a writable copy of the store; without, an operation that reads what one before it wrote is
            where ``go`` ends.
        first: Number of operations that have been done already, in this store.
        made: IRIs of graphs that these made or wrote to; an empty one is the default graph.
        most_quads: More changed quads are refused.
    """

    def __init__(
        self,
        store: ox.Store,
        update: str,
        *,
        prefixes: Mapping[str, str] = PREFIXES,
        copy: Copy | None = None,
        first: int = 0,
        made: Iterable[str] = (),
        most_quads: int = MOST_QUADS,
    ) -> None:
        self._operations = operations(update)
        _parse(update, prefixes)
        self.next = first
        """Number of operations that are done."""
        self._store = store
        self._update = update
        self._prefixes = dict(prefixes)
        self._copy = copy
        self._most_quads = most_quads
        self._added: set[ox.Quad] = set()
        self._removed: set[ox.Quad] = set()
        self._scratch: ox.Store | None = None
        self._made: set[GraphName] = {ox.NamedNode(each) if each else ox.DefaultGraph() for each in made}
        self._variable = f"urn:stemgraph:{secrets.token_hex(8)}:"

    @property
    def count(self) -> int:
        """Number of operations in all."""
        return len(self._operations)

    @property
    def made(self) -> list[str]:
        """IRIs of the graphs that were made or written to, though they may be empty now."""
        return sorted("" if isinstance(each, ox.DefaultGraph) else each.value for each in self._made)

    def difference(self) -> QuadDiff:
        """What the operations that are done add and remove."""
        return QuadDiff(lines_of(self._added), lines_of(self._removed))

    def go(self, using: tuple[str, ...] = (), using_named: tuple[str, ...] = ()) -> None:
        """Do the operations that are left, as far as this store allows; raises as ``update_difference``."""
        for operation in self._operations[self.next :]:
            if (using or using_named) and operation.has_dataset:
                raise self.refusal(
                    operation,
                    "the update says which graphs it sees, and so does the request",
                    "leave out USING and WITH, or using-graph-uri and using-named-graph-uri",
                )
            changed = bool(self._added or self._removed)
            if changed and self._copy is None and operation.form in ("modify", "delete where"):
                return
            self.run(operation, using, using_named)
            self.next += 1

    def run(self, operation: Operation, using: tuple[str, ...], using_named: tuple[str, ...]) -> None:
        """Do one operation."""
        match operation.form:
            case "insert data" | "delete data":
                block = operation.inserts or operation.deletes
                assert block is not None  # noqa: S101  # its form has one
                self._refuse_blank_nodes(operation.inserts)
                quads = self._quads(operation, block.text)
                self._change(
                    inserted=quads if operation.inserts else (), deleted=quads if operation.deletes else ()
                )
            case "delete where":
                assert operation.deletes is not None  # noqa: S101  # as above
                self._modify(operation, operation.deletes, using, using_named)
            case "modify":
                assert operation.where is not None  # noqa: S101  # as above
                self._modify(operation, operation.where, using, using_named)
            case "create":
                self._create(operation)
            case "clear" | "drop":
                for graph in self._targets(operation, operation.targets[0]):
                    self._change(deleted=list(self._quads_in(graph)))
                    self._made.discard(graph) if operation.form == "drop" else self._made.add(graph)
            case _:
                self._transfer(operation)

    def refusal(self, operation: Operation, message: str, mend: str) -> QueryError:
        """The error of an operation, at its place."""
        line, column = position(self._update, operation.start)
        return QueryError(message, line=line, column=column, mend=mend)

    def _modify(
        self, operation: Operation, where: Block, using: tuple[str, ...], using_named: tuple[str, ...]
    ) -> None:
        templates = [each for each in (operation.deletes, operation.inserts) if each is not None]
        self._refuse_blank_nodes(operation.inserts)
        names = list(dict.fromkeys(name for each in templates for name in variables(each)))
        rows = list(self._rows(operation, where, names, using, using_named))
        default = self._graph_of(operation, operation.with_graph)
        deleted = list(self._filled(operation, operation.deletes, rows, default))
        inserted = list(self._filled(operation, operation.inserts, rows, default))
        self._change(inserted=inserted, deleted=deleted)

    def _rows(
        self,
        operation: Operation,
        where: Block,
        names: list[str],
        using: tuple[str, ...],
        using_named: tuple[str, ...],
    ) -> Iterator[Row]:
        """What the variables of the templates stand for, each combination once."""
        graphs: list[GraphName] | None = None
        named: list[ox.NamedNode | ox.BlankNode] | None = None
        if using or using_named:
            graphs, named = (
                [ox.NamedNode(each) for each in using],
                [ox.NamedNode(each) for each in using_named],
            )
        elif operation.using or operation.using_named:
            graphs = [self._graph_of(operation, each) for each in operation.using]
            named = [self._named_graph(operation, each) for each in operation.using_named]
        elif operation.with_graph is not None:
            graphs = [self._graph_of(operation, operation.with_graph)]
        selected = " ".join(f"?{name}" for name in names)
        asked = f"SELECT DISTINCT {selected} WHERE {where.text}" if names else f"ASK {where.text}"
        found = self._state().query(
            operation.prologue + asked, prefixes=self._prefixes, default_graph=graphs, named_graphs=named
        )
        if isinstance(found, ox.QuerySolutions):
            for count, solution in enumerate(found):
                if count > self._most_quads:
                    raise self._too_large()
                yield {name: term for name in names if (term := solution[name]) is not None}
        elif bool(found):
            yield {}

    def _filled(
        self, operation: Operation, template: Block | None, rows: Iterable[Row], default: GraphName
    ) -> Iterator[ox.Quad]:
        """The quads of a template for each row; what a row leaves open, or makes no quad, is left out."""
        if template is None:
            return
        patterns = self._quads(operation, with_variables_replaced(template, self._variable))
        for row in rows:
            for pattern in patterns:
                quad = self._fill_quad(pattern, row, default)
                if quad is not None:
                    yield quad

    def _fill_quad(self, pattern: ox.Quad, row: Row, default: GraphName) -> ox.Quad | None:
        subject, predicate = self._fill(pattern.subject, row), self._fill(pattern.predicate, row)
        object_ = self._fill(pattern.object, row)
        graph: Term | ox.DefaultGraph | None = default
        if not isinstance(pattern.graph_name, ox.DefaultGraph):
            graph = self._fill(pattern.graph_name, row)
        if (
            isinstance(subject, ox.NamedNode | ox.BlankNode)
            and isinstance(predicate, ox.NamedNode)
            and object_ is not None
            and isinstance(graph, ox.NamedNode | ox.BlankNode | ox.DefaultGraph)
        ):
            return ox.Quad(subject, predicate, object_, graph)
        return None

    def _fill(self, term: Term, row: Row) -> Term | None:
        if isinstance(term, ox.NamedNode) and term.value.startswith(self._variable):
            return row.get(term.value.removeprefix(self._variable))
        if isinstance(term, ox.Triple):
            subject, predicate = self._fill(term.subject, row), self._fill(term.predicate, row)
            object_ = self._fill(term.object, row)
            if (
                isinstance(subject, ox.NamedNode | ox.BlankNode)
                and isinstance(predicate, ox.NamedNode)
                and object_ is not None
            ):
                return ox.Triple(subject, predicate, object_)
            return None
        return term

    def _quads(self, operation: Operation, block: str) -> list[ox.Quad]:
        """The quads between the braces of a block without variables."""
        store = ox.Store()
        store.update(f"{operation.prologue}INSERT DATA {block}", prefixes=self._prefixes)
        return list(store)

    def _create(self, operation: Operation) -> None:
        graph = self._graph_of(operation, operation.targets[0].text)
        if self._exists(graph) and not operation.silent:
            raise self.refusal(
                operation, f"the graph {graph} is there already", "leave CREATE out, or say SILENT"
            )
        self._made.add(graph)

    def _transfer(self, operation: Operation) -> None:
        """ADD, COPY and MOVE."""
        source, target = (
            ox.DefaultGraph() if each.is_word else self._graph_of(operation, each.text)
            for each in operation.targets
        )
        if source == target:
            return
        if not self._exists(source) and not operation.silent:
            raise self._no_graph(operation, source)
        moved = list(self._quads_in(source))
        deleted = [] if operation.form == "add" else list(self._quads_in(target))
        copies = [ox.Quad(each.subject, each.predicate, each.object, target) for each in moved]
        self._change(inserted=copies, deleted=deleted)
        self._made.add(target)
        if operation.form == "move":
            self._change(deleted=moved)
            self._made.discard(source)

    def _targets(self, operation: Operation, target: Target) -> Iterator[GraphName]:
        if not target.is_word:
            graph = self._graph_of(operation, target.text)
            if not self._exists(graph) and not operation.silent:
                raise self._no_graph(operation, graph)
            yield graph
            return
        if target.text in ("default", "all"):
            yield ox.DefaultGraph()
        if target.text in ("named", "all"):
            yield from {*self._store.named_graphs(), *(each.graph_name for each in self._added)} - {
                ox.DefaultGraph(),
                STATE_GRAPH,
            }

    def _no_graph(self, operation: Operation, graph: GraphName) -> QueryError:
        return self.refusal(operation, f"there is no graph {graph}", "name one that is there, or say SILENT")

    def _exists(self, graph: GraphName) -> bool:
        return isinstance(graph, ox.DefaultGraph) or graph in self._made or any(self._quads_in(graph))

    def _quads_in(self, graph: GraphName) -> Iterator[ox.Quad]:
        if graph == STATE_GRAPH:
            return
        for quad in self._store.quads_for_pattern(None, None, None, graph):
            if quad not in self._removed:
                yield quad
        yield from [quad for quad in self._added if quad.graph_name == graph]

    def _graph_of(self, operation: Operation, written: str | None) -> GraphName:
        """The graph that an IRI or prefixed name stands for."""
        return ox.DefaultGraph() if written is None else self._named_graph(operation, written)

    def _named_graph(self, operation: Operation, written: str) -> ox.NamedNode:
        (quad,) = self._quads(operation, f"{{ GRAPH {written} {{ <urn:s> <urn:p> <urn:o> }} }}")
        assert isinstance(quad.graph_name, ox.NamedNode)  # noqa: S101  # as written
        return quad.graph_name

    def _state(self) -> ox.Store:
        """A store with everything that has been done so far."""
        if self._scratch is None and not self._added and not self._removed:
            return self._store
        if self._scratch is None:
            assert self._copy is not None  # noqa: S101  # without one, `go` has ended
            self._scratch = self._copy()
            self._apply(self._scratch, self._added, self._removed)
        return self._scratch

    def _change(self, *, inserted: Iterable[ox.Quad] = (), deleted: Iterable[ox.Quad] = ()) -> None:
        """Delete, then insert."""
        new = _as_stored(inserted)
        old = {each for each in _as_stored(deleted) if each.graph_name != STATE_GRAPH}
        self._refuse_unwritable(new)
        for quad in old - new:
            if quad in self._added:
                self._added.discard(quad)
            elif quad in self._store:
                self._removed.add(quad)
        for quad in new:
            if quad in self._removed:
                self._removed.discard(quad)
            elif quad not in self._store:
                self._added.add(quad)
        self._made |= {quad.graph_name for quad in new}
        if len(self._added) + len(self._removed) > self._most_quads:
            raise self._too_large()
        if self._scratch is not None:
            self._apply(self._scratch, new, old - new)

    def _apply(self, store: ox.Store, added: Iterable[ox.Quad], removed: Iterable[ox.Quad]) -> None:
        for quad in removed:
            store.remove(quad)
        store.extend(added)

    def _refuse_blank_nodes(self, template: Block | None) -> None:
        offset = None if template is None else first_blank_node(template)
        if offset is not None:
            line, column = position(self._update, offset)
            raise _blank_node(line, column)

    def _refuse_unwritable(self, quads: Iterable[ox.Quad]) -> None:
        for quad in quads:
            if quad.graph_name == STATE_GRAPH:
                raise QueryForbiddenError(
                    f"{STATE_GRAPH} is the writer's own graph", mend="write to another graph"
                )
            if has_blank_node(quad):
                raise _blank_node()

    def _too_large(self) -> ResultTooLargeError:
        return ResultTooLargeError(
            f"the update changes more than {self._most_quads:,} quads", mend="make it in several updates"
        )


def _blank_node(line: int | None = None, column: int | None = None) -> QueryForbiddenError:
    return QueryForbiddenError(
        "it would write a blank node, which has no identity in another copy of the graph",
        line=line,
        column=column,
        mend="mint an IRI for it",
    )


def _as_stored(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Quads with each literal in the form in which Oxigraph keeps it."""
    store = ox.Store()
    store.extend(quads)
    return set(store)
