"""The feed of releases: Atom (RFC 4287) and JSON Feed 1.1, with links that hold at any address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import orjson

from stemgraph.app.service import NOTICE
from stemgraph.graph.formats.release_shape import release_iri
from stemgraph.graph.release_note import ReleaseNote
from stemgraph.ontology.identifiers import BASE

ATOM: Final = "application/atom+xml"
JSON_FEED: Final = "application/feed+json"

TITLE: Final = "stemgraph releases"
_HEAD: Final = (
    '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    "<id>{id}</id>\n<title>{title}</title>\n<subtitle>{notice}</subtitle>\n<updated>{updated}</updated>\n"
    "<author><name>stemgraph</name></author>\n"
    '<link rel="self" type="application/atom+xml" href="releases.atom"/>\n'
)
_ENTRY: Final = (
    "<entry>\n<id>{id}</id>\n<title>{title}</title>\n<updated>{updated}</updated>\n"
    '<link rel="alternate" type="application/json" href={release}/>\n{diff}'
    "<summary>{text}</summary>\n</entry>\n"
)
_DIFF: Final = '<link rel="related" type="application/json" title="What changed" href={diff}/>\n'


def atom_feed(notes: Sequence[ReleaseNote]) -> bytes:
    """The notes as Atom, in their order; there is at least one."""
    head = _HEAD.format(
        id=BASE + "releases",
        title=TITLE,
        notice=escape(NOTICE),
        updated=_moment(max(note.release.date for note in notes)),
    )
    return (head + "".join(_entry(note) for note in notes) + "</feed>\n").encode()


def _entry(note: ReleaseNote) -> str:
    release = note.release
    between = "" if note.before is None else f"diff?from={note.before.id}&to={release.id}"
    return _ENTRY.format(
        id=escape(release_iri(release)),
        title=escape(note.title),
        updated=_moment(release.date),
        release=quoteattr(f"release?release={release.id}"),
        diff=_DIFF.format(diff=quoteattr(between)) if between else "",
        text=escape(note.text),
    )


def json_feed(notes: Sequence[ReleaseNote]) -> bytes:
    """The notes as a JSON Feed, in their order."""
    items = [
        {
            "id": release_iri(note.release),
            "title": note.title,
            "content_text": note.text,
            "date_published": _moment(note.release.date),
            "_stemgraph": {
                "number": note.release.number,
                "id": note.release.id,
                "before": None if note.before is None else note.before.id,
                "counts": note.counts,
            },
        }
        for note in notes
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": TITLE,
        "description": NOTICE,
        "items": items,
    }
    return orjson.dumps(feed)


def _moment(date: str) -> str:
    """The beginning of a day in UTC; of a release no more is known."""
    return f"{escape(date)}T00:00:00Z"
