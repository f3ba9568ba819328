"""What validation found: violations, each with the place and the mend."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One place where the graph breaks one rule."""

    rule: str
    """Name of the shape or check, such as ``TreatsEarned`` or ``schema:Association.donor_type``."""
    focus: str
    """CURIE of the association, evidence, action or entity."""
    path: str | None
    """CURIE of the property at fault, where one is."""
    value: str | None
    """The value at fault, where one is."""
    message: str
    mend: str

    def __str__(self) -> str:
        place = self.focus if self.path is None else f"{self.focus} {self.path}"
        return f"{place}: {self.message} ({self.mend}) [{self.rule}]"

    def to_record(self) -> dict[str, str | None]:
        """The JSON shape: one key for each field."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """What a graph was held against and where it fails."""

    violations: tuple[Violation, ...]
    associations: int
    """How many associations were held against the shapes."""
    axioms: int
    """How many lean associations of imported ontologies were checked."""

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not self.violations

    @property
    def rules(self) -> frozenset[str]:
        """The rules that are broken."""
        return frozenset(violation.rule for violation in self.violations)

    def __str__(self) -> str:
        checked = f"{self.associations} associations and {self.axioms} ontology axioms checked"
        if self.conforms:
            return f"{checked}: no violation"
        return "\n".join([f"{checked}: {len(self.violations)} violations", *map(str, self.violations)])

    def to_record(self) -> dict[str, object]:
        """The JSON shape."""
        return {
            "conforms": self.conforms,
            "associations": self.associations,
            "axioms": self.axioms,
            "violations": [violation.to_record() for violation in self.violations],
        }
