"""How often something was seen: a count of a count, and the interval in which the true share may lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Any, Final, cast

from stemgraph.graph.model import Record

LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True)
class Proportion:
    """``numerator`` of ``denominator``; both are whole numbers and the second is not zero."""

    numerator: int
    denominator: int

    @classmethod
    def from_qualifier(cls, value: object) -> Proportion | None:
        """The proportion of a ``frequency`` qualifier; None where it is absent or impossible."""
        if not isinstance(value, Mapping):
            return None
        counts = cast("Mapping[str, Any]", value)
        part, whole = _number(counts.get("numerator")), _number(counts.get("denominator"))
        if part is None or whole is None or not 0 <= part <= whole or whole == 0:
            return None
        return cls(part, whole)

    @property
    def percent(self) -> float:
        """The share in percent, to two places."""
        return round(100 * self.numerator / self.denominator, 2)

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        r"""The Wilson score interval in percent, to two places.

        With :math:`\hat p = x/n` and :math:`z` the normal quantile of the level (1.96 for 95%):
        :math:`(\hat p + z^2/2n \pm z \sqrt{\hat p (1 - \hat p)/n + z^2/4n^2}) / (1 + z^2/n)`.

        Sources: E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal
        of the American Statistical Association 22 (1927) 209-212, doi:10.1080/01621459.1927.10502953;
        recommended for small samples by L. D. Brown, T. T. Cai and A. DasGupta, Interval estimation for a
        binomial proportion, Statistical Science 16 (2001) 101-133, doi:10.1214/ss/1009213286.
        """
        z = NormalDist().inv_cdf((1 + level) / 2)
        share, n = self.numerator / self.denominator, self.denominator
        centre = share + z * z / (2 * n)
        margin = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        scale = 100 / (1 + z * z / n)
        # At the ends the formula gives exactly 0 and 1, apart from the rounding of floats.
        low = 0.0 if self.numerator == 0 else (centre - margin) * scale
        high = 100.0 if self.numerator == n else (centre + margin) * scale
        return round(low, 2), round(high, 2)

    def to_record(self) -> Record:
        """The JSON shape ``{numerator, denominator, percent, interval: {low, high, level, method}}``."""
        low, high = self.interval()
        return {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "percent": self.percent,
            "interval": {"low": low, "high": high, "level": LEVEL, "method": "Wilson score"},
        }

    def __str__(self) -> str:
        low, high = self.interval()
        return (
            f"{self.numerator} of {self.denominator} ({self.percent:g}%, 95% interval {low:g} to {high:g}%)"
        )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
