"""The knowledge graph: one release, and every question that can be put to it."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self, Unpack

from stemgraph.graph.association_filter import rows_of_entity
from stemgraph.graph.association_query import AssociationQuery, Filters, check_word
from stemgraph.graph.associations import Associations
from stemgraph.graph.clinical_questions import ClinicalQuestions
from stemgraph.graph.connection_questions import ConnectionQuestions
from stemgraph.graph.edition import Edition
from stemgraph.graph.errors import (
    AmbiguousNameError,
    DataDirectoryError,
    MalformedIdentifierError,
    UnknownCategoryError,
    UnknownIdentifierError,
    UnknownNameError,
)
from stemgraph.graph.hold import Hold
from stemgraph.graph.inference_questions import InferenceQuestions
from stemgraph.graph.model import Association, Entity, Record
from stemgraph.graph.places import cache_directory, remove_own
from stemgraph.graph.records import MappedRecords
from stemgraph.graph.release import DataDirectory, Release, ReleaseDirectory, read_release
from stemgraph.graph.release_cache import ReleaseCache
from stemgraph.graph.release_history import ReleaseHistory
from stemgraph.graph.release_questions import ReleaseQuestions
from stemgraph.graph.text_questions import TextQuestions
from stemgraph.graph.vocabulary_record import schema_record
from stemgraph.ontology import vocabulary
from stemgraph.ontology.identifiers import curie_of, normalise

if TYPE_CHECKING:
    import networkx
    import pyoxigraph as ox
    import rdflib

    from stemgraph.graph.aside import Aside
    from stemgraph.graph.editing.edits import Edits
    from stemgraph.graph.editing.ledger import Ledger
    from stemgraph.graph.formats.statements import Statements
    from stemgraph.graph.hierarchy import Hierarchy
    from stemgraph.graph.neighborhood import Neighborhood
    from stemgraph.graph.quad_diff import QuadDiff
    from stemgraph.graph.query_answer import QueryAnswer
    from stemgraph.graph.search import LabelIndex, SearchAnswer, SearchHit
    from stemgraph.graph.store import OxigraphStore
    from stemgraph.graph.tables import Progress
    from stemgraph.graph.view import GraphView

# Imports inside methods: an entity lookup must not wait for rdflib, networkx, numpy or tantivy.
# ruff: noqa: PLC0415


class KnowledgeGraph(
    ClinicalQuestions, ConnectionQuestions, InferenceQuestions, TextQuestions, ReleaseQuestions
):
    """One release of the graph, made with ``bundled``, ``open`` or ``memory``; close it or use ``with``."""

    def __init__(
        self,
        directory: ReleaseDirectory,
        *,
        history: ReleaseHistory | None = None,
        edition: Edition | None = None,
        edits: Edits | None = None,
    ) -> None:
        self.directory = directory
        self.history = history or ReleaseHistory(directory)
        self.edition = edition or Edition.of_release(directory)
        """Which state of the graph this is: a release, and the edits made since."""
        self.edits = edits
        """What was edited since the release, where anything was."""
        self._hold = None if self.edition.is_release else Hold(self.edition.store)
        self.records = edits.records if edits else MappedRecords(directory.records)
        self._remove: Callable[[], object] | None = None

    @classmethod
    def bundled(cls, *, progress: Progress | None = None) -> Self:
        """The graph that ships with stemgraph, compiled once into the user's cache directory.

        The environment variable STEMGRAPH_CACHE names another cache directory. Releases of earlier versions
        that were not opened for a month are removed from it when another is compiled.

        Raises:
            DataDirectoryError: The cache directory cannot be written, or the bundle is damaged.
        """
        from stemgraph.ontology.bundle import bundle_directory

        source = bundle_directory()
        cache, identifier = ReleaseCache(cache_directory()), read_release(source).id
        path = cache.release_path(identifier)
        try:
            graph = cls(ReleaseDirectory(path))
        except DataDirectoryError:
            from stemgraph.graph.compilation import compile_release

            compile_release(source, path, progress=progress, replace=True)
            graph = cls(ReleaseDirectory(path))
            cache.prune()
        cache.note_use(identifier)
        return graph

    @classmethod
    def open(cls, directory: str | Path) -> Self:
        """What a data directory holds now, its edits included, or the release in a release directory.

        Raises:
            DataDirectoryError: There is none, or it is damaged.
        """
        path = Path(directory)
        try:
            compiled = (path / "compiled.json").exists()
        except OSError as error:
            raise DataDirectoryError(
                f"cannot be read: {error.strerror}", place=str(path), mend="check its permissions"
            ) from error
        if compiled:
            return cls(ReleaseDirectory(path))
        if not path.is_dir():
            reason = "is not a directory" if path.exists() else "does not exist"
            raise DataDirectoryError(reason, place=str(path), mend="make it with `stemgraph load`")
        from stemgraph.graph.current_edition import open_current

        return open_current(cls, DataDirectory(path))

    @classmethod
    def memory(cls, dataset: rdflib.Graph | str | Path | None = None) -> Self:
        """A graph of your own: an rdflib Dataset or Graph, an RDF file, or nothing; it is gone when closed.

        Raises:
            FormatError: The file cannot be read or does not parse.
            UnknownFormatError: The file's name does not say its format.
        """
        from stemgraph.graph.compilation import compile_release
        from stemgraph.graph.formats import read_dataset
        from stemgraph.graph.source import quads_of_graph, write_source

        quads: Iterable[ox.Quad] = ()
        if isinstance(dataset, (str, Path)):
            quads = read_dataset(Path(dataset))
        elif dataset is not None:
            quads = quads_of_graph(dataset)
        directory = Path(tempfile.mkdtemp(prefix="stemgraph-"))
        try:
            write_source(quads, directory / "source")
            compile_release(directory / "source", directory / "release")
            graph = cls(ReleaseDirectory(directory / "release"))
        except BaseException:
            shutil.rmtree(directory, ignore_errors=True)
            raise
        graph.remove_when_closed(weakref.finalize(graph, partial(remove_own, directory, os.getpid())))
        return graph

    @property
    def release(self) -> Release:
        """Which release this is, or was before it was edited."""
        return self.edition.release

    def edited(self, diff: QuadDiff, *, sequence: int, store: Path, date: str | None = None) -> Self:
        """The graph after an edit, readable at once; this one stays as it is.

        Args:
            diff: What the edit adds to this graph and removes from it.
            sequence: The number of the edit.
            store: Directory of an Oxigraph store that holds every quad after the edit; it must stay.
            date: The day of the edit, as ``2026-11-27``: statuses are told as of then.

        Raises:
            DataDirectoryError: The store cannot be opened.
        """
        from stemgraph.graph.editing import edited

        edition = Edition(self.release, sequence, store, date or self.edition.edited_on)
        return edited(self, diff, edition)

    def entity(self, identifier: str) -> Entity:
        """The entity of a CURIE or IRI.

        Raises:
            UnknownIdentifierError: It is not in this release; ``suggestions`` are close to it.
            MalformedIdentifierError: It is neither CURIE nor IRI.
        """
        return self.records.entity_at(self._row(identifier))

    def entity_bytes(self, identifier: str) -> bytes:
        """The JSON record of an entity; raises as ``entity``."""
        return self.records.entity_bytes_at(self._row(identifier))

    def find(self, name: str, *, category: str | None = None) -> Entity:
        """The entity with this label or, if none has, with this synonym; a CURIE is taken too.

        Raises:
            UnknownNameError: Nothing has this name; ``suggestions`` are close to it.
            AmbiguousNameError: Several have it; ``candidates`` are their CURIEs and labels.
            UnknownCategoryError: Not one of the categories.
        """
        _check_category(category)
        by_identifier = self.records.entity(normalise(name.strip()))
        if by_identifier is not None:
            return by_identifier
        found = self._labels.named(name, category=category)
        found = found or self._labels.named(name, category=category, synonyms=True)
        if not found:
            hits = self._labels.search(name, category=category, limit=3).items
            raise UnknownNameError(name, suggestions=[hit.label for hit in hits])
        if len(found) > 1:
            raise AmbiguousNameError(name, [(entity.id, entity.label) for entity in found])
        return found[0]

    def search(
        self, text: str, *, category: str | None = None, limit: int = 20, offset: int = 0
    ) -> SearchAnswer:
        """Entities by label, synonym, prefix, words or a typo of one edit, the best first.

        Raises:
            UnknownCategoryError: Not one of the categories.
            BadRequestError: The page is out of range.
        """
        from stemgraph.graph.search import check_page

        _check_category(category)
        check_page(limit, offset)
        return self._labels.search(text, category=category, limit=limit, offset=offset)

    def autocomplete(
        self, prefix: str, *, category: str | None = None, limit: int = 10
    ) -> tuple[SearchHit, ...]:
        """Entities whose names continue what has been typed; raises as ``search``."""
        from stemgraph.graph.search import check_page

        _check_category(category)
        check_page(limit, 0)
        return self._labels.autocomplete(prefix, category=category, limit=limit)

    def association(self, identifier: str) -> Association:
        """The association of an ``sga:`` CURIE or IRI.

        Raises:
            UnknownIdentifierError: It is not in this release.
            MalformedIdentifierError: It is neither CURIE nor IRI.
        """
        return self.records.association_at(self._association_row(identifier))

    def association_bytes(self, identifier: str) -> bytes:
        """The JSON record of an association; raises as ``association``."""
        return self.records.association_bytes(self._association_row(identifier))

    def associations(self, query: AssociationQuery | None = None, **filters: Unpack[Filters]) -> Associations:
        """A page of the associations that a query asks for; filters are the fields of ``AssociationQuery``.

        Raises:
            UnknownIdentifierError: An end is not in this release.
            MalformedIdentifierError: An end is neither CURIE nor IRI.
            UnknownCategoryError: Not one of the categories.
            UnknownPredicateError: Not one of the predicates.
            BadRequestError: Another value outside its vocabulary or range.
            CursorError: The cursor is garbled or belongs to another query or release.
        """
        asked = query or AssociationQuery()
        asked = (replace(asked, **filters) if filters else asked).checked(self.records.names)
        for end in (asked.subject, asked.object, asked.entity):
            if end is not None:
                self._row(end)
        if asked.closure:
            return self._inherited_associations(asked)
        return Associations(self.records, asked, self.edition.digest, kinds=self.kinds)

    def counts(self, identifier: str) -> dict[str, int]:
        """How many associations an entity has, by predicate, in the order of the vocabulary."""
        rows = rows_of_entity(self.records, self._row(identifier))
        predicates = self.records.column("predicate").values
        counted = Counter(predicates[row] for row in rows)
        return {self.records.names["predicate"][code]: counted[code] for code in sorted(counted)}

    def hierarchy(self, identifier: str) -> Hierarchy:
        """What an entity is a kind or part of or develops from, and what is so of it, near and far.

        Raises:
            UnknownIdentifierError: It is not in this release.
        """
        from stemgraph.graph.hierarchy import hierarchy_of

        return hierarchy_of(self.records, self._row(identifier))

    def neighborhood(self, identifier: str, *, depth: int = 1, limit: int = 100) -> Neighborhood:
        """The entities and associations around an entity, for a picture."""
        from stemgraph.graph.neighborhood import neighborhood

        curie = self.records.entity_id(self._row(identifier))
        return neighborhood(self.view, curie, depth=depth, limit=limit)

    def statistics(self) -> Record:
        """How much of what there is."""
        return self.edits.statistics if self.edits else self.directory.statistics

    def schema(self) -> Record:
        """The vocabulary: categories, predicates, qualifiers, enumerations and prefixes."""
        return schema_record()

    def sparql(self, query: str) -> QueryAnswer:
        """Answer a SPARQL query in this process, without limits: for trusted queries only.

        Raises:
            QueryError: The query does not parse; ``line`` and ``column`` say where.
        """
        return self.store.query(query)

    def export(
        self,
        format: str,  # noqa: A002  # the word users know
        stream: IO[bytes],
        *,
        query: AssociationQuery | None = None,
        inferred: bool = False,
        with_release: bool = False,
    ) -> None:
        """Write the graph, or what a query asks for; in RDF also what is inferred, and the release.

        Raises:
            BadRequestError: There is no such format, or it cannot hold what is inferred.
        """
        from stemgraph.graph.formats import export_graph

        export_graph(self, format, stream, query=query, inferred=inferred, with_release=with_release)

    @property
    def statements(self) -> Statements:
        """Every statement as canonical N-Quads: the release's own file, and what was edited since."""
        from stemgraph.graph.formats.statements import Statements

        if self.edits is None:
            return Statements(self.directory.export)
        return Statements(self.directory.export, self.edits.diff)

    @cached_property
    def store(self) -> OxigraphStore:
        """The quads."""
        from stemgraph.graph.store import OxigraphStore

        return OxigraphStore(self.edition.store)

    @cached_property
    def rdf(self) -> rdflib.Dataset:
        """The quads as a read-only rdflib Dataset, whose default graph is the union of all."""
        return self.store.dataset()

    @cached_property
    def view(self) -> GraphView:
        """The arrays that graph algorithms run on."""
        from stemgraph.graph.view import GraphView

        view = GraphView.open(self.directory.view)
        if self.edits is None:
            return view
        from stemgraph.graph.editing.patched_view import patched_view

        return patched_view(view, self.edits.records)

    @cached_property
    def networkx(self) -> networkx.MultiDiGraph[str]:
        """A read-only MultiDiGraph over the arrays; ``.copy()`` gives a plain one."""
        from stemgraph.graph.networkx_view import ReadOnlyMultiDiGraph

        return ReadOnlyMultiDiGraph(self.view)

    @cached_property
    def _labels(self) -> LabelIndex:
        from stemgraph.graph.search import LabelIndex

        if self.edits is None or not self.edits.renamed:
            return LabelIndex(self.directory.labels, self.records)
        from stemgraph.graph.editing.patched_labels import PatchedLabels

        return PatchedLabels(self.directory.labels, self.edits.records)

    @cached_property
    def release_ledger(self) -> Ledger:
        """What the first edit of a release needs to know beside its records."""
        from stemgraph.graph.editing.ledger import Ledger

        return Ledger.of_release(self.records, self.store, self.directory.statistics, self.aside)

    @cached_property
    def aside(self) -> Aside:
        """The named graphs of others, of which no record says anything."""
        from stemgraph.graph.aside import Aside

        return Aside.of_edits(self.directory)

    def remove_when_closed(self, remove: Callable[[], object]) -> None:
        """Have this called when the graph is closed: it removes what was made for this graph alone."""
        self._remove = remove

    def close(self) -> None:
        """Let go of the store and its snapshot; what ``memory`` made is removed."""
        if "_names" in self.__dict__:
            self._names.exception()  # a thread may still be reading the records
        if "store" in self.__dict__:
            self.store.close()
        if self._hold is not None:
            self._hold.release()
        if self._remove is not None:
            self._remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process opens the same files; of ``memory``, while this one has not been closed."""
        return _reopened, (type(self), self.directory, self.history, self.edition, self.edits)

    def __repr__(self) -> str:
        release = self.release
        return (
            f"<KnowledgeGraph release {release.number} of {release.date} ({self.edition.id}): "
            f"{self.records.entity_count} entities, {self.records.association_count} associations>"
        )

    def _row(self, identifier: str) -> int:
        if not identifier.isprintable():
            raise MalformedIdentifierError(
                f"{identifier!r} is not a CURIE", mend="write PREFIX:LOCAL, for example MONDO:0005301"
            )
        row = self.records.entity_row(identifier)
        if row is None:
            curie = curie_of(normalise(identifier))
            row = self.records.entity_row(curie)
            if row is None:
                raise UnknownIdentifierError(curie, suggestions=self._close_to(curie))
        return row

    def _association_row(self, identifier: str) -> int:
        row = self.records.association_row(identifier)
        if row is None:
            curie = curie_of(identifier)
            row = self.records.association_row(curie)
            if row is None:
                raise UnknownIdentifierError(curie)
        return row

    def _close_to(self, curie: str) -> list[str]:
        """The entity that this identifier is mapped to, or else those whose identifiers look like it."""
        from stemgraph.graph.suggestions import closest

        mapped = [hit.id for hit in self._labels.search(curie, limit=3).items if hit.match == "identifier"]
        if mapped:
            return mapped
        prefix = curie.partition(":")[0] + ":"
        return closest(curie, self.records.ids_from(prefix), likeness=85)


def _reopened(
    kind: type[KnowledgeGraph],
    directory: ReleaseDirectory,
    history: ReleaseHistory,
    edition: Edition,
    edits: Edits | None,
) -> KnowledgeGraph:
    return kind(directory, history=history, edition=edition, edits=edits)


def _check_category(category: str | None) -> None:
    if category is not None:
        check_word("category", category, vocabulary.categories(), UnknownCategoryError)
