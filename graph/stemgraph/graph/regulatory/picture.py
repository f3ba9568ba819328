"""The timeline of a product as a small SVG: colours, letters and marks, readable without any one of them.

Only presentation attributes are used, no style sheet and no script, so that it shows under any content
security policy, in a page, a notebook and by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from stemgraph.graph.regulatory.sequence import NOT_STATED
from stemgraph.graph.regulatory.wording import PLACES

if TYPE_CHECKING:
    from stemgraph.graph.regulatory.action import RegulatoryAction
    from stemgraph.graph.regulatory.timeline import Lane, Span, Timeline

WIDTH: Final = 760
_LEFT, _RIGHT, _TOP, _LANE, _BAR = 76, 20, 44, 62, 20


class Paint(NamedTuple):
    """How a status is drawn: fill, and the colour of the letters on it."""

    fill: str
    ink: str


# Okabe and Ito's palette, which the colour-blind can tell apart; letters on each have a contrast over 4.5.
PAINTS: Final = {
    "authorised": Paint("#00694d", "#ffffff"),
    "conditional": Paint("#005b94", "#ffffff"),
    "restricted": Paint("#f0c419", "#1c2429"),
    "withdrawn": Paint("#a63603", "#ffffff"),
    "refused": Paint("#4d4d4d", "#ffffff"),
    "undetermined": Paint("url(#{doubt})", "#1c2429"),
    NOT_STATED: Paint("#ffffff", "#1c2429"),
}

_MARKS: Final = {
    "approval": "▲",
    "conditional_approval": "△",
    "accelerated_approval": "△",
    "restriction": "◆",
    "withdrawal": "■",
    "refusal": "✕",
    "complete_response_letter": "✕",
}
_INK: Final = "#1c2429"
_FONT: Final = 'font-family="system-ui, sans-serif"'


def timeline_svg(timeline: Timeline) -> str:
    """The picture of a timeline."""
    scale = _Scale.of(timeline)
    # A page may hold several pictures, and an id stands once in it.
    own = re.sub(
        r"\W", "-", f"{timeline.product.id}{'' if timeline.disease is None else timeline.disease.id}"
    )
    legend_at = _TOP + _LANE * max(len(timeline.lanes), 1) + 6
    height = legend_at + 40
    about = f" for {timeline.disease.label}" if timeline.disease is not None else ""
    title = f"Regulatory status of {timeline.product.label}{about}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title-{own} words-{own}" '
        f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" {_FONT} font-size="12">',
        f'<title id="title-{own}">{escape(title)}</title>',
        f'<desc id="words-{own}">{escape(_in_words(timeline))}</desc>',
        f'<defs><pattern id="doubt-{own}" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="7" height="7" fill="#ffffff"/>'
        '<rect width="2" height="7" fill="#9aa5ab"/></pattern></defs>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(12, 20, title, size=14, weight="bold"),
        *_axis(scale, legend_at - 6),
    ]
    for number, lane in enumerate(timeline.lanes):
        parts += _lane(lane, scale, _TOP + _LANE * number)
    if not timeline.lanes:
        parts.append(_text(12, _TOP + 26, "No regulatory action is recorded."))
    parts += _legend(timeline, legend_at + 18)
    return "\n".join([*parts, "</svg>"]).replace("{doubt}", f"doubt-{own}") + "\n"


class _Scale(NamedTuple):
    """Where a day stands, from the first of January of the first year to the end of the timeline."""

    start: date
    end: date

    @classmethod
    def of(cls, timeline: Timeline) -> _Scale:
        spans = [span for lane in timeline.lanes for span in lane.spans]
        first = min([*(span.first or span.last for span in spans), timeline.until])
        # Of what began on an open day, a year is shown before the first day that is known.
        year = first.year - any(span.first is None for span in spans)
        return cls(date(max(year, 1), 1, 1), max(timeline.until, date(first.year, 12, 31)))

    def x(self, day: date) -> float:
        """The place of a day."""
        share = (day - self.start).days / max((self.end - self.start).days, 1)
        return round(_LEFT + min(max(share, 0.0), 1.0) * (WIDTH - _LEFT - _RIGHT), 1)


def _axis(scale: _Scale, bottom: int) -> Iterator[str]:
    years = range(scale.start.year, scale.end.year + 1)
    step = next(each for each in (1, 2, 5, 10, 25, 100, 10_000) if len(years) / each <= 13)
    for year in years:
        if year % step:
            continue
        x = scale.x(date(year, 1, 1))
        yield f'<line x1="{x}" y1="{_TOP - 4}" x2="{x}" y2="{bottom}" stroke="#d7dee2"/>'
        yield _text(x + 2, _TOP - 6, str(year), size=11, ink="#4a565d")


def _lane(lane: Lane, scale: _Scale, top: int) -> Iterator[str]:
    bar = top + 18
    yield _text(12, bar + 14, lane.jurisdiction, weight="bold")
    for span in lane.spans:
        yield from _span(span, scale, bar)
    taken: dict[str, float] = {}
    for action in lane.actions:
        yield from _mark(action, scale, bar, taken)


def _span(span: Span, scale: _Scale, bar: int) -> Iterator[str]:
    if span.status == NOT_STATED:
        return
    x, end = scale.x(span.first or scale.start), scale.x(span.last)
    paint = PAINTS[span.status]
    width = max(round(end - x, 1), 1.5)
    words = f"{span.status}, {_since(span)} to {span.last}"
    if len(span.possible) > 1:
        words += f" ({' or '.join(span.possible)})"
    yield (
        f'<rect x="{x}" y="{bar}" width="{width}" height="{_BAR}" fill="{paint.fill}" stroke="{_INK}" '
        f'stroke-width="0.75"><title>{escape(words)}</title></rect>'
    )
    if width > 7 * len(span.status):
        yield _text(x + 5, bar + 14, span.status, ink=paint.ink, halo=span.status == "undetermined")


def _mark(action: RegulatoryAction, scale: _Scale, bar: int, taken: dict[str, float]) -> Iterator[str]:
    """A mark above the bar where the action can first have happened, its date below it."""
    first = action.occurred.earliest or action.occurred.latest
    last = action.occurred.latest or first
    if first is None or last is None or first > scale.end:
        return
    x, end = scale.x(first), scale.x(last)
    words = f"{action.label}, {action.when}"
    if end - x > 3:
        yield f'<line x1="{x}" y1="{bar - 5}" x2="{end}" y2="{bar - 5}" stroke="{_INK}" stroke-width="1.5"/>'
    yield (
        f"<g><title>{escape(words)}</title>"
        + _text((x + end) / 2, bar - 2, _MARKS.get(action.type, "●"), size=12, anchor="middle", halo=True)
        + "</g>"
    )
    label = action.date or f"≤ {last}"
    at = min(x, WIDTH - _RIGHT - 6.3 * len(label))
    if at > taken.get("label", 0.0):
        taken["label"] = at + 6.3 * len(label) + 4
        yield _text(at, bar + _BAR + 13, label, size=11, ink="#4a565d", halo=True)


def _legend(timeline: Timeline, y: int) -> Iterator[str]:
    used = {span.status for lane in timeline.lanes for span in lane.spans} - {NOT_STATED}
    x = 12.0
    for status in (name for name in PAINTS if name in used):
        yield (
            f'<rect x="{x}" y="{y - 10}" width="14" height="12" fill="{PAINTS[status].fill}" stroke="{_INK}" '
            'stroke-width="0.75"/>'
        )
        yield _text(x + 19, y, status, size=11)
        x += 34 + 6.2 * len(status)
    types = dict.fromkeys(action.type for lane in timeline.lanes for action in lane.actions)
    marks: dict[str, list[str]] = {}
    for name in types:
        marks.setdefault(_MARKS.get(name, "●"), []).append(name.replace("_", " "))
    x = 12.0
    for mark, names in marks.items():
        words = f"{mark} {' or '.join(names)}"
        yield _text(x, y + 17, words, size=11)
        x += 16 + 6.0 * len(words)


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 12,
    weight: str = "normal",
    ink: str = _INK,
    anchor: str = "start",
    halo: bool = False,
) -> str:
    around = ' stroke="#ffffff" stroke-width="3" paint-order="stroke" stroke-linejoin="round"' if halo else ""
    return (
        f'<text x="{round(x, 1)}" y="{y}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="{ink}"{around}>{escape(text)}</text>'
    )


def _since(span: Span) -> str:
    return "an open day" if span.first is None else span.first.isoformat()


def _in_words(timeline: Timeline) -> str:
    """The same as a text, for those who do not see the picture."""
    if not timeline.lanes:
        return "No regulatory action is recorded."
    return " ".join(
        f"In {PLACES.get(lane.jurisdiction, lane.jurisdiction)}: "
        + ", then ".join(f"{span.status} from {_since(span)}" for span in lane.spans)
        + "."
        for lane in timeline.lanes
    )
