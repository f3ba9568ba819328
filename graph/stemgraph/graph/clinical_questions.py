"""The questions about regulation and risk, as methods of the knowledge graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

from stemgraph.graph.association_query import check_word
from stemgraph.graph.errors import BadRequestError
from stemgraph.ontology import vocabulary

if TYPE_CHECKING:
    from stemgraph.graph.knowledge_graph import KnowledgeGraph
    from stemgraph.graph.model import EntityReference
    from stemgraph.graph.regulatory.listing import ActionQuery, Actions
    from stemgraph.graph.regulatory.period import Period
    from stemgraph.graph.regulatory.register import ActionRegister
    from stemgraph.graph.regulatory.status import ProductStatus, StatusReader
    from stemgraph.graph.regulatory.timeline import Timeline
    from stemgraph.graph.risk.comparison import RiskComparison
    from stemgraph.graph.risk.risks import RiskReader, Risks

# Imports inside methods: see knowledge_graph.
# ruff: noqa: PLC0415


class ActionFilters(TypedDict, total=False):
    """The fields of ``ActionQuery``, as keyword arguments."""

    product: str | None
    agency: str | None
    jurisdiction: str | None
    type: str | None
    year: int | None
    category: str | None
    kind: str | None
    disease: str | None
    by: tuple[str, ...]
    limit: int | None
    cursor: str | None


class ClinicalQuestions:
    """What a knowledge graph answers about the regulation and the risks of therapies and products."""

    def status(
        self,
        product: str,
        *,
        disease: str | None = None,
        jurisdiction: str | None = None,
        as_of: str | None = None,
    ) -> ProductStatus:
        """Whether a product may be marketed, at a date and place, and the regulatory actions that decide it.

        Args:
            product: A biologic product, drug or therapy.
            disease: For which disease; without it, for any.
            jurisdiction: Where; without it, everywhere that an action is recorded.
            as_of: A date, which may be partial: 2024, 2024-12 or 2024-12-31; without it, the release's own.

        Raises:
            UnknownIdentifierError: Product or disease is not in this release.
            MalformedIdentifierError: Product or disease is neither CURIE nor IRI.
            BadRequestError: The date cannot be read, or the jurisdiction is not one.
        """
        from stemgraph.graph.regulatory.status import ProductStatus

        reader = self._status_reader(product, disease)
        if jurisdiction is not None:
            known = [*vocabulary.enumeration("jurisdiction"), *self._graph.records.names["jurisdiction"]]
            check_word("jurisdiction", jurisdiction, known, BadRequestError)
        date = self._date(as_of)
        places = reader.jurisdictions if jurisdiction is None else (jurisdiction,)
        return ProductStatus(
            product=reader.product,
            disease=reader.disease,
            jurisdiction=jurisdiction,
            as_of=date,
            as_of_stated=as_of is not None,
            items=tuple(reader.at(date, place) for place in places),
        )

    def timeline(self, product: str, *, disease: str | None = None) -> Timeline:
        """The regulatory history of a product up to the release's date; raises as ``status``."""
        from stemgraph.graph.regulatory.timeline import timeline_of

        reader = self._status_reader(product, disease)
        until = self._date(None).latest
        assert until is not None  # noqa: S101  # a date that is stated has an end
        return timeline_of(reader, until)

    def actions(self, query: ActionQuery | None = None, **filters: Unpack[ActionFilters]) -> Actions:
        """A page of the regulatory actions that a query asks for, and their counts by what ``by`` names.

        Filters are the fields of ``ActionQuery``.

        Raises:
            UnknownIdentifierError: Product, agency, kind or disease is not in this release.
            MalformedIdentifierError: One of them is neither CURIE nor IRI.
            UnknownCategoryError: Not one of the categories.
            BadRequestError: Another value outside its vocabulary or range.
            CursorError: The cursor is garbled or belongs to another query or release.
        """
        from stemgraph.graph.regulatory.listing import ActionQuery, Actions, checked

        graph = self._graph
        asked = checked(replace(query or ActionQuery(), **filters), graph)
        product, agency, kind, disease = (
            None if end is None else graph.entity(end).id
            for end in (asked.product, asked.agency, asked.kind, asked.disease)
        )
        return Actions(graph, replace(asked, product=product, agency=agency, kind=kind, disease=disease))

    def risks(self, therapy: str, *, closure: bool = True, risk: str | Sequence[str] = ()) -> Risks:
        """The risks of a therapy or product, with what prevents, treats and watches for each.

        Args:
            therapy: A therapy, product or drug.
            closure: Whether what is stated of its classes, and of its kinds, is shown too, with the path.
            risk: Only these, also where nothing is stated of them.

        Raises:
            UnknownIdentifierError: Therapy or risk is not in this release.
            MalformedIdentifierError: One of them is neither CURIE nor IRI.
        """
        return self._risk_reader(therapy, closure=closure).risks(self._references(risk))

    def compare_risks(
        self, therapies: Sequence[str], *, closure: bool = True, risk: str | Sequence[str] = ()
    ) -> RiskComparison:
        """The risks of several therapies side by side; raises as ``risks``.

        Silence (``not stated``), a denial (``stated as negative``) and a zero (``none observed``) are kept
        apart.
        """
        from stemgraph.graph.risk.comparison import compare

        readers = [self._risk_reader(each, closure=closure) for each in therapies]
        return compare(readers, self._references(risk), closure=closure)

    def _risk_reader(self, therapy: str, *, closure: bool) -> RiskReader:
        from stemgraph.graph.risk.risks import RiskReader

        return RiskReader(self._graph, self._graph.entity(therapy), closure=closure)

    def _references(self, identifiers: str | Sequence[str]) -> list[EntityReference]:
        named = [identifiers] if isinstance(identifiers, str) else identifiers
        return [self._graph.entity(each).reference for each in named]

    @cached_property
    def regulatory_register(self) -> ActionRegister:
        """The regulatory actions of this release."""
        from stemgraph.graph.regulatory.register import ActionRegister

        return ActionRegister(self._graph)

    def _status_reader(self, product: str, disease: str | None) -> StatusReader:
        from stemgraph.graph.regulatory.status import StatusReader

        graph = self._graph
        asked = None if disease is None else graph.entity(disease).reference
        return StatusReader(self.regulatory_register, graph.records, graph.entity(product).reference, asked)

    def _date(self, text: str | None) -> Period:
        from stemgraph.graph.regulatory.period import Period

        return Period.parse(self._graph.edition.date if text is None else text, place="as_of")

    @property
    def _graph(self) -> KnowledgeGraph:
        return cast("KnowledgeGraph", self)
