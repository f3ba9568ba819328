"""A lineage as an SVG picture: earlier cells to the left, later ones to the right.

Only presentation attributes are used, no styles and no scripts, so that the picture shows under the strictest
content security policy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from stemgraph.graph.lineage.lineage import Lineage, LineageStep

_BOX_WIDTH: Final = 190
_COLUMN: Final = 250
_LINE: Final = 14
_PADDING: Final = 7
_GAP: Final = 12
_MARGIN: Final = 24
_LETTERS: Final = 27
_MOST_LINES: Final = 5
_HEADING: Final = 52
_KEY_WIDTH: Final = 252

_INK: Final = "#1d2733"
_QUIET: Final = "#5b6b7b"
_PLAIN: Final = ("#f3f6f9", "#9fb0c0")
_ASKED: Final = ("#fff1cf", "#c98a00")
_LINE_COLORS: Final = {"develops_from": "#1f6f8b", "subclass_of": "#8a8f98"}


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a cell is drawn: its column and the middle of its height."""

    column: int
    middle: float
    lines: tuple[str, ...]

    @property
    def left(self) -> int:
        return _MARGIN + self.column * _COLUMN

    @property
    def height(self) -> int:
        return _height(self.lines)


def draw(lineage: Lineage) -> str:
    """The SVG document of a lineage."""
    labels = {each.cell.id: each.cell.label for each in lineage.cells}
    boxes = _Arrangement(labels, lineage.steps).boxes
    width = max((box.left for box in boxes.values()), default=_MARGIN) + _BOX_WIDTH + _MARGIN
    width = max(width, 3 * _COLUMN + _BOX_WIDTH)
    bottom = max((box.middle + box.height / 2 for box in boxes.values()), default=_HEADING)
    asked = {each.id for each in (lineage.cell, lineage.origin) if each is not None}
    title = f"Lineage of {lineage.cell.label}"
    if lineage.origin is not None:
        title = f"From {lineage.origin.label} to {lineage.cell.label}"
    parts = [
        *_frame(title, width, round(bottom + _MARGIN)),
        *(_arrow(boxes, step) for step in lineage.steps),
        *(_box(curie, labels[curie], box, asked=curie in asked) for curie, box in boxes.items()),
        "</svg>",
    ]
    if lineage.reason is not None:
        parts.insert(-1, _text(_MARGIN, _HEADING - 4, lineage.reason, _QUIET, size=11))
    return "\n".join(parts)


class _Arrangement:
    """Finds a place for each cell: columns by its steps from the first cells, rows as in a tree."""

    def __init__(self, labels: Mapping[str, str], steps: Sequence[LineageStep]) -> None:
        self._labels = labels
        self._columns = _columns(labels, steps)
        parents: dict[str, str] = {}
        for step in steps:
            later, earlier = step.subject.id, step.object.id
            columns = self._columns
            if columns[earlier] < columns[later] and (
                later not in parents or columns[earlier] > columns[parents[later]]
            ):
                parents[later] = earlier
        self._children: defaultdict[str, list[str]] = defaultdict(list)
        for later in sorted(parents, key=lambda each: (labels[each].casefold(), each)):
            self._children[parents[later]].append(later)
        self.boxes: dict[str, _Box] = {}
        self._top = float(_HEADING + _GAP)
        for root in (each for each in labels if each not in parents):
            self._place(root)

    def _place(self, root: str) -> None:
        """Place a cell and all that hangs on it, below what has been placed."""
        # No recursion: a lineage may be longer than Python's stack is deep.
        order, waiting = [root], [root]
        while waiting:
            below = self._children.get(waiting.pop(), ())
            order.extend(below)
            waiting.extend(below)
        for chain in _leaves(root, self._children):
            slot = max(_height(_wrapped(self._labels[cell])) for cell in chain)
            self._put(chain[-1], self._top + slot / 2)
            self._top += slot + _GAP
        for cell in reversed(order):
            below = self._children.get(cell, ())
            if below:
                self._put(cell, (self.boxes[below[0]].middle + self.boxes[below[-1]].middle) / 2)

    def _put(self, cell: str, middle: float) -> None:
        self.boxes[cell] = _Box(self._columns[cell], middle, _wrapped(self._labels[cell]))


def _leaves(root: str, children: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """The cells on which nothing hangs, from top to bottom, each after those that share its row."""
    found: list[list[str]] = []
    waiting = [[root]]
    while waiting:
        chain = waiting.pop()
        below = children.get(chain[-1], ())
        if len(below) == 1:
            waiting.append([*chain, below[0]])
        elif below:
            waiting.extend([each] for each in reversed(below))
        else:
            found.append(chain)
    return found


def _columns(labels: Mapping[str, str], steps: Sequence[LineageStep]) -> dict[str, int]:
    """How many steps a cell is from the first ones at most, so that every arrow leads to the right."""
    earlier: defaultdict[str, set[str]] = defaultdict(set)
    for step in steps:
        earlier[step.subject.id].add(step.object.id)
    columns: dict[str, int] = {}
    while len(columns) < len(labels):
        ready = [each for each in labels if each not in columns and earlier[each] <= columns.keys()]
        # Steps in a circle are never ready: one of them is begun with.
        for each in ready or [next(each for each in labels if each not in columns)]:
            columns[each] = max(
                (columns[other] + 1 for other in earlier[each] if other in columns), default=0
            )
    return columns


def _wrapped(label: str) -> tuple[str, ...]:
    lines = wrap(label, _LETTERS) or [label]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1][: _LETTERS - 1] + "…"]
    return tuple(lines)


def _height(lines: Sequence[str]) -> int:
    return len(lines) * _LINE + 2 * _PADDING


def _frame(title: str, width: int, height: int) -> list[str]:
    """The beginning of the document: what it is, its ground, the arrow heads and the key."""
    name = escape(title, quote=True)
    markers = "".join(
        f'<marker id="{relation}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="{color}"/></marker>'
        for relation, color in _LINE_COLORS.items()
    )
    key = width - _MARGIN - 2 * _KEY_WIDTH
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" aria-label="{name}" '
        'font-family="system-ui, sans-serif">',
        f"<title>{name}</title>",
        f"<defs>{markers}</defs>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        _text(_MARGIN, 26, title, _INK, size=15, weight="600"),
        *_key(key, "develops_from", "the later develops from the earlier"),
        *_key(key + _KEY_WIDTH, "subclass_of", "the later is a kind of the earlier"),
    ]


def _key(left: int, relation: str, words: str) -> list[str]:
    return [
        f'<path d="M{left} 22 H{left + 32}" {_stroke(relation)}/>',
        _text(left + 40, 26, words, _QUIET, size=11),
    ]


def _stroke(relation: str) -> str:
    dashes = ' stroke-dasharray="5 4"' if relation == "subclass_of" else ""
    color = _LINE_COLORS[relation]
    return f'fill="none" stroke="{color}" stroke-width="1.5"{dashes} marker-end="url(#{relation})"'


def _arrow(boxes: Mapping[str, _Box], step: LineageStep) -> str:
    """From the earlier cell to the later one, as cells develop."""
    earlier, later = boxes[step.object.id], boxes[step.subject.id]
    start, end = earlier.left + _BOX_WIDTH, later.left - 1
    bend = (_COLUMN - _BOX_WIDTH) / 2
    way = f"M{start} {earlier.middle:.1f} C{start + bend:.1f} {earlier.middle:.1f}"
    way += f" {end - bend:.1f} {later.middle:.1f} {end} {later.middle:.1f}"
    verb = "develops from" if step.relation == "develops_from" else "is a kind of"
    told = escape(f"{step.subject.label} {verb} {step.object.label}")
    return f'<path d="{way}" {_stroke(step.relation)}><title>{told}</title></path>'


def _box(curie: str, label: str, box: _Box, *, asked: bool) -> str:
    fill, edge = _ASKED if asked else _PLAIN
    top = box.middle - box.height / 2
    first = top + _PADDING + _LINE - 3
    lines = "".join(
        _text(box.left + _BOX_WIDTH // 2, first + number * _LINE, line, _INK, size=11.5, anchor="middle")
        for number, line in enumerate(box.lines)
    )
    told = escape(f"{label} ({curie})")
    return (
        f'<g><title>{told}</title><rect x="{box.left}" y="{top:.1f}" width="{_BOX_WIDTH}" '
        f'height="{box.height}" rx="6" fill="{fill}" stroke="{edge}"/>{lines}</g>'
    )


def _text(
    left: float,
    base: float,
    words: str,
    color: str,
    *,
    size: float,
    weight: str = "400",
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{left:g}" y="{base:g}" font-size="{size:g}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{color}">{escape(words)}</text>'
    )
