"""Whether a product may be marketed, at a date and a place and for a disease, and which actions decide it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from stemgraph.graph.model import EntityReference, Record
from stemgraph.graph.regulatory.action import RegulatoryAction
from stemgraph.graph.regulatory.coverage import Coverage, DiseaseCoverage
from stemgraph.graph.regulatory.line import Concern, Line, in_force, line_of, settled, together
from stemgraph.graph.regulatory.period import Period
from stemgraph.graph.regulatory.sequence import NOT_STATED
from stemgraph.graph.regulatory.wording import Grounds, reason_of

if TYPE_CHECKING:
    from stemgraph.graph.records import MappedRecords
    from stemgraph.graph.regulatory.register import ActionRegister

_CLOSENESS: Final = ("exact", "broader", "narrower", "product", "words", "other")


@dataclass(frozen=True, slots=True)
class DecidingAction:
    """An action that was looked at: how it stands to the disease asked for, and its part in the answer.

    ``role`` is ``decides``; ``either side`` (it may lie before or after the date); ``earlier`` (overtaken);
    ``later`` (after the date); ``words`` (its indication cannot be compared); ``retracted``; or ``other
    indication``.
    """

    action: RegulatoryAction
    coverage: Coverage
    role: str

    def to_record(self) -> Record:
        """The action's record with ``coverage`` and ``role``."""
        return {"role": self.role, "coverage": self.coverage.to_record(), **self.action.to_record()}


@dataclass(frozen=True, slots=True)
class JurisdictionStatus:
    """The status of a product in one jurisdiction."""

    jurisdiction: str
    status: str
    possible: tuple[str, ...]
    """Every status that the actions allow; more than one where it is undetermined."""
    in_force: bool | None
    """Whether it may be marketed; None where that is undetermined or not stated."""
    coverage: str | None
    """How the deciding indication stands to the disease asked for; ``product``: none is named."""
    reason: str
    lines: tuple[Line, ...]
    actions: tuple[DecidingAction, ...]

    def to_record(self) -> Record:
        """The JSON shape: one key for each field."""
        record: Record = {name: getattr(self, name) for name in self.__slots__}
        return record | {
            "possible": list(self.possible),
            "lines": [line.to_record() for line in self.lines],
            "actions": [each.to_record() for each in self.actions],
        }


@dataclass(frozen=True, slots=True)
class ProductStatus:
    """The status of a product at a date, by jurisdiction."""

    product: EntityReference
    disease: EntityReference | None
    jurisdiction: str | None
    as_of: Period
    as_of_stated: bool
    """Whether the date was asked for; else it is that of the release."""
    items: tuple[JurisdictionStatus, ...]

    @property
    def status(self) -> str | None:
        """The status where all jurisdictions agree, ``not stated`` where there are none; else None."""
        found = {each.status for each in self.items}
        return next(iter(found), NOT_STATED) if len(found) <= 1 else None

    @property
    def reason(self) -> str:
        """The reasons of every jurisdiction."""
        if self.items:
            return " ".join(each.reason for each in self.items)
        return f"Not stated: no regulatory action on {self.product.label} is recorded."

    def to_record(self) -> Record:
        """The JSON shape ``{product, disease, jurisdiction, as_of, as_of_stated, status, reason, items}``."""
        return {
            "product": self.product.to_record(),
            "disease": None if self.disease is None else self.disease.to_record(),
            "jurisdiction": self.jurisdiction,
            "as_of": self.as_of.to_record(),
            "as_of_stated": self.as_of_stated,
            "status": self.status,
            "reason": self.reason,
            "items": [each.to_record() for each in self.items],
        }

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(each.jurisdiction)}</td><td>{escape(each.status)}</td><td>{escape(each.reason)}</td></tr>"
            for each in self.items
        )
        head = "<tr><th>jurisdiction</th><th>status</th><th>reason</th></tr>"
        caption = escape(f"{self.product.label} as of {self.as_of.text}")
        return f"<table><caption>{caption}</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"


class StatusReader:
    """Answers the status questions about one product."""

    def __init__(
        self,
        register: ActionRegister,
        records: MappedRecords,
        product: EntityReference,
        disease: EntityReference | None = None,
    ) -> None:
        self._register = register
        self._records = records
        self.product = product
        self.disease = disease
        recorded = register.by_product.get(product.id, ())
        self.actions = (*recorded, *self._untold(recorded, register.told(product.id)))
        """What is recorded, and what associations alone tell of."""

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """Where there is any action, in the order of the alphabet."""
        return tuple(sorted({place for each in self.actions for place in each.jurisdictions}))

    def at(self, as_of: Period, jurisdiction: str) -> JurisdictionStatus:
        """The status in one jurisdiction at a date."""
        actions = [each for each in self.actions if jurisdiction in each.jurisdictions]
        lines = self._lines(actions, as_of)
        possible = together(lines)
        deciding_lines = [line for line in lines if set(line.possible) & set(possible)]
        basis = frozenset(one for line in deciding_lines for one in line.basis)
        shown = self._shown(actions, as_of, basis)
        by_role = {
            role: [Concern(each.action, each.coverage) for each in shown if each.role == role]
            for role in ("decides", "either side", "later", "retracted")
        }
        deciding = by_role["decides"]
        reason = reason_of(
            possible,
            Grounds(
                deciding,
                by_role["either side"],
                by_role["later"],
                by_role["retracted"],
                lapsed=possible == (NOT_STATED,) and bool(basis),
            ),
            jurisdiction=jurisdiction,
            as_of=as_of.text or str(as_of.latest),
            disease=self.disease,
        )
        closest = min((each.coverage.relation for each in deciding), key=_CLOSENESS.index, default=None)
        return JurisdictionStatus(
            jurisdiction,
            settled(possible),
            possible,
            in_force(possible),
            closest,
            reason,
            tuple(lines),
            tuple(shown),
        )

    def _lines(self, actions: Sequence[RegulatoryAction], as_of: Period) -> list[Line]:
        """Of a disease its own line, or those of its kinds where it has none; else each indication's."""
        if self.disease is not None:
            own = self._line(self.disease, actions, as_of)
            kinds = self._narrower(actions)
            if own.possible != (NOT_STATED,) or not kinds:
                return [own]
            return [self._line(kind, actions, as_of) for kind in kinds]
        diseases = {each.id: each for action in actions for each in action.indications}
        lines = [self._line(each, actions, as_of) for each in diseases.values()]
        unnamed = [each for each in actions if each.scope != "indications"]
        if unnamed or not lines:
            whole = [Concern(each, Coverage("product")) for each in unnamed]
            lines.append(line_of(None, whole, as_of))
        return lines

    def _line(self, disease: EntityReference, actions: Iterable[RegulatoryAction], as_of: Period) -> Line:
        """What counts for a disease: what was decided for it, for a broader one, or for the product."""
        coverage = self._coverage(disease)
        concerns = (Concern(each, coverage.of(each)) for each in actions)
        return line_of(disease, (each for each in concerns if each.coverage.relation != "narrower"), as_of)

    def _narrower(self, actions: Iterable[RegulatoryAction]) -> list[EntityReference]:
        assert self.disease is not None  # noqa: S101  # asked for only with a disease
        coverage = self._coverage(self.disease)
        found: dict[str, EntityReference] = {}
        for action in actions:
            for indication in action.indications:
                if coverage.of_indication(indication).relation == "narrower":
                    found.setdefault(indication.id, indication)
        return list(found.values())

    def _shown(
        self, actions: Iterable[RegulatoryAction], as_of: Period, basis: frozenset[str]
    ) -> list[DecidingAction]:
        """Every action in the jurisdiction with the part that it has."""
        shown: list[DecidingAction] = []
        for action in actions:
            coverage = self._shown_coverage(action)
            # Words cannot be compared with a disease; where none is asked for there is nothing to compare.
            counted = (
                coverage if self.disease is not None or coverage.relation != "words" else Coverage("product")
            )
            shown.append(DecidingAction(action, coverage, _role(Concern(action, counted), as_of, basis)))
        return shown

    def _shown_coverage(self, action: RegulatoryAction) -> Coverage:
        if self.disease is not None:
            return self._coverage(self.disease).of(action)
        if action.scope == "indications":
            return Coverage("exact", action.indications[0] if len(action.indications) == 1 else None)
        return Coverage(action.scope)

    def _coverage(self, disease: EntityReference) -> DiseaseCoverage:
        return DiseaseCoverage(self._records, disease, self._register.versions)

    def _untold(
        self, recorded: Sequence[RegulatoryAction], told: Sequence[RegulatoryAction]
    ) -> list[RegulatoryAction]:
        """What associations tell of where no recorded action is about the same jurisdiction and disease."""
        kept: list[RegulatoryAction] = []
        for each in told:
            places = [
                place
                for place in each.jurisdictions
                if not any(
                    place in action.jurisdictions and self._same_line(action, each) for action in recorded
                )
            ]
            if places:
                kept.append(each.within(places))
        return kept

    def _same_line(self, action: RegulatoryAction, told: RegulatoryAction) -> bool:
        if action.scope != "indications" or not told.indications:
            return action.scope == "product" or not told.indications
        relation = self._coverage(told.indications[0]).of(action).relation
        return relation in {"exact", "broader", "narrower"}


def _role(concern: Concern, as_of: Period, basis: frozenset[str]) -> str:
    occurred = concern.action.occurred
    first, last = as_of.earliest, as_of.latest
    assert first is not None  # noqa: S101  # a date that is asked for has both ends
    assert last is not None  # noqa: S101
    if concern.action.retracted:
        return "retracted"
    if concern.coverage.relation == "other":
        return "other indication"
    if not concern.counts:
        return "words"
    if occurred.earliest is not None and occurred.earliest > last:
        return "later"
    if occurred.latest is None or occurred.latest > first:
        return "either side"
    return "decides" if concern.action.id in basis else "earlier"
