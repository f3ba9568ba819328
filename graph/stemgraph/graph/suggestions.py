"""What someone may have meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def closest(word: str, known: Iterable[str], *, limit: int = 3, likeness: float = 60) -> list[str]:
    """The known words closest to one that is not known, at least so alike on a scale of 100."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # 80 ms that only a mistake need pay

    found = process.extract(
        word, list(known), scorer=fuzz.ratio, processor=str.casefold, limit=limit, score_cutoff=likeness
    )
    return [each for each, _, _ in found]


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """A mend for an unknown word: the closest known ones, or all of a short list."""
    suggestions = closest(word, dict.fromkeys(known))
    if suggestions:
        return f"did you mean {', '.join(suggestions)}?"
    return f"use one of {', '.join(sorted(set(known)))}"
