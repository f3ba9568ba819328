"""Pairs of identifier and label are read from each format, with the place they stand at."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from stemgraph.ontology.errors import ContentError
from stemgraph.ontology.identifier_pairs import IdentifierPair, read_pairs

T_CELL = ("CL:0000084", "T cell")


def written(directory: Path, name: str, text: str) -> Path:
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return path


def found(path: Path) -> list[tuple[str, str]]:
    return [(pair.id, pair.label) for pair in read_pairs(path)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'id,label\nCL:0000084,"T cell"\n'),
        ("a.csv", "curie,name\nCL:0000084,T cell\n"),
        ("nodes.tsv", "id\tcategory\tname\nCL:0000084\tbiolink:Cell\tT cell\n"),
        ("a.sssom.tsv", "#curie_map:\nsubject_id\tsubject_label\tobject_id\nCL:0000084\tT cell\tX:1\n"),
        ("rows.tsv", "subject_id\tsubject\tpredicate\nCL:0000084\tT cell\ttreats\n"),
        ("a.yaml", "- id: CL:0000084\n  label: T cell\n"),
        (
            "dismech.yml",
            "cell_types:\n- preferred_term: T cells\n  term:\n    id: CL:0000084\n    label: T cell\n",
        ),
        ("ours.yaml", "associations:\n- subject: CL:0000084\n  subject_label: T cell\n  object: X:1\n"),
        ("nodes.jsonl", '{"id": "CL:0000084", "name": "T cell", "category": ["biolink:Cell"]}\n'),
        (
            "a.ttl",
            "@prefix obo: <http://purl.obolibrary.org/obo/> .\n"
            "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
            'obo:CL_0000084 rdfs:label "T cell", "T-Zelle"@de ; rdfs:comment "no name" .\n',
        ),
        (
            "a.nt",
            "<http://purl.obolibrary.org/obo/CL_0000084> "
            '<http://www.w3.org/2004/02/skos/core#prefLabel> "T cell"@en .\n',
        ),
    ],
)
def test_a_pair_is_read_from_each_format(tmp_path: Path, name: str, text: str) -> None:
    assert found(written(tmp_path, name, text)) == [T_CELL]


def test_a_compressed_file_is_read_like_a_plain_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"id,label\nCL:0000084,T cell\n"))

    assert found(path) == [T_CELL]


def test_the_line_of_a_pair_is_told(tmp_path: Path) -> None:
    table = written(tmp_path, "a.tsv", "# a comment\nid\tlabel\nCL:0000084\tT cell\n")
    mapping = written(tmp_path, "a.yaml", "cells:\n\n- id: CL:0000084\n  label: T cell\n")

    assert list(read_pairs(table)) == [IdentifierPair(*T_CELL, f"{table}:3")]
    assert list(read_pairs(mapping)) == [IdentifierPair(*T_CELL, f"{mapping}:3")]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.pdf", "x", "the format '.pdf' is not one"),
        ("a", "x", "the format 'a' is not one"),
        ("a.csv", "x,y\n1,2\n", "no identifier with a label was found"),
        ("a.csv", "", "no identifier with a label was found"),
        ("a.csv", 'id,label\nCL:1,"open\n', "the table does not parse"),
        ("a.yaml", "a: b: c\n", "the YAML does not parse"),
        ("a.yaml", "- just text\n", "no identifier with a label was found"),
        ("a.jsonl", '{"id": \n', "the line is not JSON"),
        ("a.jsonl", "[1]\n", "each line must be one JSON object"),
        ("a.ttl", "this is no turtle", "the RDF does not parse"),
    ],
)
def test_a_file_without_pairs_is_told_why(tmp_path: Path, name: str, text: str, told: str) -> None:
    path = written(tmp_path, name, text)

    with pytest.raises(ContentError) as error:
        list(read_pairs(path))

    assert told in str(error.value)
    assert str(error.value).startswith(str(path))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="the file is not there"):
        list(read_pairs(tmp_path / "a.csv"))


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,label\nCL:1,\xff\xfe\n")

    with pytest.raises(ContentError, match="not UTF-8"):
        list(read_pairs(path))


@pytest.mark.large
def test_the_yaml_files_of_dismech_are_read(shared_data: Path) -> None:
    pairs = found(shared_data / "dismech" / "yaml" / "Multiple_Sclerosis.yaml.gz")

    assert ("MONDO:0005301", "multiple sclerosis") in pairs
