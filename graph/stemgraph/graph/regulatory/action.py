"""One regulatory action as a value: who decided what about which product, where, when and for what."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypedDict, cast

from stemgraph.graph.errors import BadRequestError
from stemgraph.graph.model import Association, Entity, EntityReference, Evidence, Record
from stemgraph.graph.regulatory.period import Period

CATEGORY: Final = "regulatory_action"

AUTHORISING: Final = frozenset({"approval", "conditional_approval", "accelerated_approval"})
"""Types of action after which a product may be marketed."""

TYPE_OF_STATUS: Final = {
    "approved": "approval",
    "approved_conditional": "conditional_approval",
    "approved_restricted": "restriction",
    "withdrawn": "withdrawal",
}
"""The action that an association with this status tells of, where none is recorded for itself."""


class _Texts(TypedDict):
    """The fields that are texts, or absent."""

    status: str | None
    date: str | None
    date_not_after: str | None
    valid_until: str | None
    indication_text: str | None
    population: str | None
    condition: str | None
    restriction: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class RegulatoryAction:
    """What a regulator did; dates are as stated, ``occurred`` says between which days that lies."""

    id: str
    label: str
    type: str
    product: EntityReference
    agency: EntityReference | None
    jurisdictions: tuple[str, ...]
    indications: tuple[EntityReference, ...]
    occurred: Period
    evidence: tuple[Evidence, ...]
    status: str | None = None
    date: str | None = None
    date_not_after: str | None = None
    valid_until: str | None = None
    indication_text: str | None = None
    population: str | None = None
    condition: str | None = None
    restriction: str | None = None
    reason: str | None = None
    associations: tuple[str, ...] = ()
    """``sga:`` CURIEs of its flat form; of the association itself, where that alone tells of the action."""
    recorded: bool = True
    """Whether it is recorded as an action, and not only told of by the status of an association."""

    @classmethod
    def from_entity(
        cls, entity: Entity, *, known_by: datetime.date | None, associations: tuple[str, ...] = ()
    ) -> RegulatoryAction:
        """An action from the entity that describes it; the release that holds it is of ``known_by``."""
        attributes = entity.attributes
        evidence = tuple(Evidence.from_record(each) for each in attributes.get("evidence", ()))
        texts = _texts(attributes)
        product = _references(attributes.get("product"))
        return cls(
            id=entity.id,
            label=entity.label,
            type=_text(attributes.get("action_type")) or "",
            product=product[0] if product else EntityReference("", ""),
            agency=next(iter(_references(attributes.get("agency"))), None),
            jurisdictions=_words(attributes.get("jurisdiction")),
            indications=_references(attributes.get("indication")),
            occurred=_occurred(texts["date"], texts["date_not_after"], evidence, known_by),
            evidence=evidence,
            associations=associations,
            **texts,
        )

    @classmethod
    def from_association(
        cls, association: Association, *, known_by: datetime.date | None
    ) -> RegulatoryAction:
        """The action that the status of an association tells of, such as ``treats`` with ``approved``."""
        qualifiers = association.qualifiers
        texts = _texts({**qualifiers, "status": association.status})
        kind = TYPE_OF_STATUS[association.status]
        disease = "disease" in association.object.categories
        outcome = disease or "risk_or_adverse_outcome" in association.object.categories
        if not outcome:
            texts["indication_text"] = f"{association.predicate.replace('_', ' ')} {association.object.label}"
        return cls(
            id=association.id,
            label=f"{kind.replace('_', ' ')} of {association.subject.label}, told by an association",
            type=kind,
            product=association.subject,
            agency=None,
            jurisdictions=_words(qualifiers.get("jurisdiction")),
            indications=(association.object,) if outcome else (),
            occurred=_occurred(texts["date"], texts["date_not_after"], association.evidence, known_by),
            evidence=association.evidence,
            associations=(association.id,),
            recorded=False,
            **texts,
        )

    @property
    def authorising(self) -> bool:
        """Whether the product may be marketed after it."""
        return self.type in AUTHORISING

    @property
    def retracted(self) -> bool:
        """Whether every piece of its evidence has been retracted."""
        return bool(self.evidence) and all(each.retracted for each in self.evidence)

    @property
    def scope(self) -> str:
        """What it is about: ``indications``, one named in ``words`` alone, or the ``product`` as a whole."""
        if self.indications:
            return "indications"
        return "words" if self.indication_text else "product"

    @property
    def when(self) -> str:
        """Its date in words, with the preposition."""
        if self.date is not None and self.occurred.text:
            return f"{'on' if self.occurred.exact and len(self.date) > 7 else 'in'} {self.date}"
        latest = self.occurred.latest
        if latest is None:
            return "on a day that is not stated"
        return f"on a day that is not stated, not after {latest.isoformat()}"

    @property
    def lapse(self) -> Period | None:
        """When what it granted for a time ends; None where no term is stated."""
        return None if self.valid_until is None else _period(self.valid_until)

    def within(self, jurisdictions: Iterable[str]) -> RegulatoryAction:
        """The same, of these jurisdictions alone."""
        return replace(self, jurisdictions=tuple(jurisdictions))

    def to_record(self) -> Record:
        """The JSON shape: every field, ``occurred`` as ``{text, earliest, latest}``."""
        record: Record = {name: getattr(self, name) for name in self.__slots__}
        return record | {
            "product": _named(self.product),
            "agency": None if self.agency is None else _named(self.agency),
            "jurisdictions": list(self.jurisdictions),
            "indications": [_named(each) for each in self.indications],
            "occurred": self.occurred.to_record(),
            "evidence": [each.to_record() for each in self.evidence],
            "associations": list(self.associations),
        }


def _named(entity: EntityReference) -> Record:
    return {"id": entity.id, "label": entity.label}


def _texts(values: Mapping[str, Any]) -> _Texts:
    return cast("_Texts", {name: _text(values.get(name)) for name in _Texts.__annotations__})


def _several(value: object) -> list[object]:
    """What a record holds once or in a list."""
    if isinstance(value, list):
        return list(cast("list[object]", value))
    return [] if value is None else [value]


def _text(value: object) -> str | None:
    return "; ".join(_words(value)) or None


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, _several(value)))


def _references(value: object) -> tuple[EntityReference, ...]:
    """Entities named in a record: an object ``{id, label}``, a CURIE, or a list of them."""
    found: list[EntityReference] = []
    for each in _several(value):
        if isinstance(each, Mapping):
            named = cast("Mapping[str, Any]", each)
            found.append(EntityReference(named["id"], named.get("label") or named["id"]))
        else:
            found.append(EntityReference(str(each), str(each)))
    return tuple(found)


def _occurred(
    stated: str | None, not_after: str | None, evidence: tuple[Evidence, ...], known_by: datetime.date | None
) -> Period:
    """Between which days it lies: a source that was read on a day tells of nothing later."""
    read = [known_by] if known_by else []
    read += [day for each in evidence if (day := _day(each.retrieved)) is not None]
    seen = min(read, default=None)
    if stated is not None and (period := _period(stated)) is not None:
        return period.capped(seen)
    observed = _period(not_after) if not_after is not None else None
    if observed is not None:
        return Period.until(observed.latest, text=observed.text)
    return Period.until(seen)


def _period(text: str) -> Period | None:
    """The period of a stated date; None for one that cannot be read, which tells nothing."""
    try:
        return Period.parse(text)
    except BadRequestError:
        return None


def _day(text: str) -> datetime.date | None:
    period = _period(text)
    return None if period is None else period.latest
