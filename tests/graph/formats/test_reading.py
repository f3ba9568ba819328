import gzip

import pyoxigraph as ox
import pytest

from stemgraph.graph.errors import FormatError, UnknownFormatError
from stemgraph.graph.formats import IMPORT_FORMATS, read_dataset

TRIPLE = ox.Triple(
    ox.NamedNode("http://e.org/a"), ox.NamedNode("http://e.org/b"), ox.NamedNode("http://e.org/c")
)
CONTENT = {
    "a.ttl": "@prefix e: <http://e.org/> . e:a e:b e:c .",
    "a.trig": "@prefix e: <http://e.org/> . e:g { e:a e:b e:c }",
    "a.nt": "<http://e.org/a> <http://e.org/b> <http://e.org/c> .",
    "a.nq": "<http://e.org/a> <http://e.org/b> <http://e.org/c> <http://e.org/g> .",
    "a.jsonld": '{"@id": "http://e.org/a", "http://e.org/b": {"@id": "http://e.org/c"}}',
    "a.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
    '<rdf:Description rdf:about="http://e.org/a"><e:b rdf:resource="http://e.org/c"/></rdf:Description></rdf:RDF>',
}


@pytest.mark.parametrize("name", CONTENT)
def test_the_name_of_a_file_says_its_format(tmp_path, name):
    (tmp_path / name).write_text(CONTENT[name])
    assert [quad.triple for quad in read_dataset(tmp_path / name)] == [TRIPLE]


@pytest.mark.parametrize("name", CONTENT)
def test_a_compressed_file_is_read_alike(tmp_path, name):
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(CONTENT[name].encode()))
    assert [quad.triple for quad in read_dataset(tmp_path / f"{name}.gz")] == [TRIPLE]


def test_a_named_format_goes_before_the_name_of_the_file(tmp_path):
    (tmp_path / "data").write_text(CONTENT["a.ttl"])
    assert [quad.triple for quad in read_dataset(tmp_path / "data", "turtle")] == [TRIPLE]


def test_quads_keep_their_graph(tmp_path):
    (tmp_path / "a.nq").write_text(CONTENT["a.nq"])
    assert [quad.graph_name for quad in read_dataset(tmp_path / "a.nq")] == [ox.NamedNode("http://e.org/g")]


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.ttl", "@prefix e: <http://e.org/> .\ne:a e:b e:c .\ne:a x:b e:c .", "line 3, column 5"),
        ("a.nq", "<http://e.org/a> <http://e.org/b> nothing .", "line 1, column"),
        ("a.trig", "{ <http://e.org/a> ", "line 1, column"),
        ("a.jsonld", '{"@id": \n oops', "line 2, column"),
    ],
)
def test_a_file_that_does_not_parse_is_refused_with_line_and_column(tmp_path, name, content, place):
    (tmp_path / name).write_text(content)
    with pytest.raises(FormatError) as refusal:
        list(read_dataset(tmp_path / name))
    assert str(refusal.value.place).startswith(f"{tmp_path / name}, {place}")


def test_broken_xml_is_refused_with_the_file(tmp_path):
    (tmp_path / "a.rdf").write_text("<rdf:RDF><oops>")
    with pytest.raises(FormatError) as refusal:
        list(read_dataset(tmp_path / "a.rdf"))
    assert str(tmp_path / "a.rdf") in str(refusal.value.place)


@pytest.mark.parametrize("cut", [5, 20, -4])
def test_a_broken_gzip_file_is_refused(tmp_path, cut):
    (tmp_path / "a.ttl.gz").write_bytes(gzip.compress(CONTENT["a.ttl"].encode() * 50)[:cut])
    with pytest.raises(FormatError):
        list(read_dataset(tmp_path / "a.ttl.gz"))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FormatError, match="No such file") as refusal:
        list(read_dataset(tmp_path / "absent.ttl"))
    assert refusal.value.place == str(tmp_path / "absent.ttl")


def test_an_unknown_name_or_format_is_refused_with_those_there_are(tmp_path):
    (tmp_path / "data.docx").write_text("")
    with pytest.raises(UnknownFormatError, match="does not say its format"):
        read_dataset(tmp_path / "data.docx")
    with pytest.raises(UnknownFormatError, match=", ".join(IMPORT_FORMATS)):
        read_dataset(tmp_path / "data.docx", "docx")
