"""The kinds of write: each a function from the head and a request to a proposal."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, cast

import pyoxigraph as ox

from stemgraph.app.errors import ConflictError, MalformedRequestError, PreconditionFailedError
from stemgraph.app.writer.proposal import Head, Payload, Proposal
from stemgraph.graph.quad_diff import QuadDiff, lines_of

Action = Callable[[Head, Payload], Proposal]
Validator = Callable[[Head, Payload, Proposal], None]

ACTIONS: Final[dict[str, Action]] = {}
"""By name. Modules that add their own are named in ``MODULES``."""
VALIDATORS: Final[list[Validator]] = []
"""Asked about each proposal before it is journalled; one that raises refuses it."""
PREPARATIONS: Final[list[Callable[[], None]]] = []
"""Done in a thread of their own soon after the writer has started, so that no write waits for them."""
MODULES: Final = ("stemgraph.app.curation.actions",)
"""Modules that register actions or validators when they are imported."""


def action(name: str) -> Callable[[Action], Action]:
    """Register a function as an action."""

    def register(function: Action) -> Action:
        ACTIONS[name] = function
        return function

    return register


def load_actions() -> None:
    """Import the modules that register actions."""
    for module in MODULES:
        if find_spec(module.rpartition(".")[0]) is not None and find_spec(module) is not None:
            import_module(module)


@action("diff")
def apply_lines(head: Head, payload: Payload) -> Proposal:
    """Add and remove the statements that the body lists.

    The body's ``added`` and ``removed`` are N-Quads lines. ``present`` and ``absent`` list lines that must
    and must not be there; ``sequence`` is the number of the edit that must be the last one. All are optional.
    If-Match, where there is one, holds the id of the edition in quotation marks.
    """
    expected = payload.body.get("sequence")
    if expected is not None and expected != head.sequence:
        raise ConflictError(
            f"it was computed at edit {expected}, and the last one is {head.sequence}",
            place="sequence",
            mend="compute it again",
        )
    if payload.if_match is not None:
        payload.require(f'"{head.edition}"')
    present, absent = (_quads(payload, name) for name in ("present", "absent"))
    for quad in present:
        if quad not in head.store:
            raise _unexpected("is not there", quad)
    for quad in absent:
        if quad in head.store:
            raise _unexpected("is there already", quad)
    added, removed = (lines_of(_quads(payload, name)) for name in ("added", "removed"))
    subjects = QuadDiff(lines_of([*present, *absent])).subjects
    touched = subjects if expected is None else subjects | {EVERYTHING}
    return Proposal(QuadDiff(added, removed - added), touched)


EVERYTHING: Final = "*"
"""Touched by a write that nothing else may be committed together with."""


def _quads(payload: Payload, name: str) -> list[ox.Quad]:
    lines: Any = payload.body.get(name, ())
    if not isinstance(lines, list | tuple):
        raise MalformedRequestError("is not a list of N-Quads lines", place=name)
    text = "\n".join(map(str, cast("list[object]", lines)))
    try:
        return list(ox.parse(text, ox.RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise MalformedRequestError(f"is not N-Quads: {error}", place=name) from error


def _unexpected(what: str, quad: ox.Quad) -> PreconditionFailedError:
    return PreconditionFailedError(f"a statement {what}", place=str(quad), mend="read it again")
