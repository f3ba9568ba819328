import io

import pytest

from stemgraph.graph.errors import UnknownFormatError
from stemgraph.graph.formats import EXPORT_FORMATS, export, export_format

EVERY = [
    *("turtle", "trig", "ntriples", "nquads", "jsonld", "rdfxml"),
    *("kgx-tsv", "kgx-jsonl", "graphml", "cytoscape", "node-link", "csv"),
]


class OnlyWrite:
    """A stream that can do nothing but be written to, as a response is."""

    def __init__(self):
        self.pieces = []

    def write(self, data):
        self.pieces.append(bytes(data))
        return len(data)


def test_every_format_of_the_plan_is_there():
    assert sorted(EXPORT_FORMATS) == sorted(EVERY)


@pytest.mark.parametrize("name", EVERY)
def test_an_export_needs_a_stream_that_can_only_write(small_graph, exported, name):
    stream = OnlyWrite()
    small_graph.export(name, stream)
    written = b"".join(stream.pieces)
    if name.startswith("kgx"):
        # A zip written to what cannot be sought back in carries the sizes after each member.
        assert written.startswith(b"PK")
    else:
        assert written == exported(name)


@pytest.mark.parametrize("name", EVERY)
def test_an_export_is_the_same_bytes_each_time(exported, name):
    assert exported(name) == exported(name)


@pytest.mark.parametrize("name", EVERY)
def test_a_filtered_export_holds_the_association_that_was_asked_for_and_no_other(exported, name):
    whole, part = exported(name), exported(name, predicate="has_adverse_event", negated=False)
    assert 0 < len(part) < len(whole)
    if not name.startswith("kgx"):
        text = part.decode()
        assert "85f4171f0d810e9583e8570c" in text
        assert "172fae9b15e4f73695b4de39" not in text


@pytest.mark.parametrize("name", EVERY)
def test_nothing_asked_for_is_an_empty_file_of_the_format(exported, name):
    part = exported(name, predicate="disputes")
    assert b"172fae9b15e4f73695b4de39" not in part


def test_an_unknown_format_is_refused_with_those_there_are(small_graph):
    with pytest.raises(UnknownFormatError, match="turtle") as refusal:
        export(small_graph.records, "docx", io.BytesIO())
    assert refusal.value.place == "format"


def test_media_types_and_extensions_are_those_of_the_formats():
    assert export_format("turtle").media_type == "text/turtle"
    assert export_format("nquads").extension == "nq"
    assert export_format("graphml").media_type == "application/graphml+xml"
    assert all("/" in each.media_type and each.label for each in EXPORT_FORMATS.values())
