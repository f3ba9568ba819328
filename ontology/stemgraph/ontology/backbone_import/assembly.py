"""Assembles the backbone tables from a directory of ontology releases."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from pathlib import Path
from typing import Final

from stemgraph.ontology.backbone import USED_ONTOLOGIES, WHOLE_ONTOLOGIES, Axiom, Equivalence, terms_path
from stemgraph.ontology.backbone_import.cell_ontology import CellOntology, read_cell_ontology
from stemgraph.ontology.backbone_import.obo import Stanza, read_obo
from stemgraph.ontology.compressed import open_text
from stemgraph.ontology.errors import ContentError
from stemgraph.ontology.identifiers import PREFIXES, normalise
from stemgraph.ontology.located_yaml import read_yaml
from stemgraph.ontology.tables import Term, read_table, write_table, write_terms

MAPPED_VOCABULARIES: Final = ("doid", "icd10cm", "mesh", "ncit", "omim", "orphanet")
RANGES: Final = {"develops_from": "CL:", "part_of": "UBERON:"}
"""Where these relations of cells may lead, as the vocabulary has it. Four axioms of the editors' file lead
elsewhere: three cells within cells, and one that develops from the neural crest."""

_USED_ID: Final = re.compile(rf"(?:{'|'.join(name.upper() for name in USED_ONTOLOGIES)}):\w+")


def used_identifiers(content: Path) -> set[str]:
    """The identifiers of ``USED_ONTOLOGIES`` that the curated and entity files of ``content`` name."""
    return {
        located.value
        for path in sorted((*content.glob("curated/*.yaml"), *content.glob("entities/*.yaml")))
        for located in read_yaml(path).walk()
        if isinstance(located.value, str) and _USED_ID.fullmatch(located.value)
    }


def import_backbone(releases: Path, content: Path, directory: Path) -> dict[str, int]:
    """Write the backbone tables and tell the number of rows of each.

    Args:
        releases: Where ``ontology_tables``, ``ontology_native`` and ``mappings`` are.
        content: Where ``curated`` and ``entities`` are, which decide what is used.
        directory: Where the tables go.

    Raises:
        ContentError: A release file is missing, or the content uses an identifier that no release has.
    """
    native = releases / "ontology_native"
    tables = {
        name: {term.id: term for term in read_table(releases / "ontology_tables" / f"{name}.tsv.gz")}
        for name in (*WHOLE_ONTOLOGIES, *USED_ONTOLOGIES)
    }
    cells = read_cell_ontology(native / "cl-edit.ofn.gz")
    actions = read_obo(native / "maxo.obo.gz")
    anatomy = read_obo(native / "uberon_efo_slim.obo.gz")
    used = used_identifiers(content) | _anatomy_of_cells(cells, tables)
    definitions = _definitions(cells, actions, anatomy)
    terms = {name: list(tables[name].values()) for name in WHOLE_ONTOLOGIES}
    terms |= {name: _used_terms(name, tables[name], used, anatomy) for name in USED_ONTOLOGIES}
    kept = {term.id for each in terms.values() for term in each if not term.deprecated}
    directory.joinpath("terms").mkdir(parents=True, exist_ok=True)
    for name, each in terms.items():
        # Of HPO only what the content cites: its licence could not be read.
        told: Mapping[str, str] = {} if name == "hp" else definitions
        write_terms(terms_path(directory, name), (_finished(term, kept, told) for term in each))
    axioms = sorted(
        Axiom("cl", subject, predicate, object_)
        for subject, predicate, object_ in cells.relations
        if subject in kept and object_ in kept and object_.startswith(RANGES[predicate])
    )
    found = {*_mappings(releases / "mappings"), *_gene_equivalences(native, terms["hgnc"])}
    equivalences = sorted(each for each in found if each.id in kept)
    write_table(
        directory / "axioms.tsv.gz",
        ("source", "subject", "predicate", "object"),
        ((each.source, each.subject, each.predicate, each.object) for each in axioms),
    )
    write_table(
        directory / "equivalences.tsv.gz",
        ("source", "id", "equivalent"),
        ((each.source, each.id, each.equivalent) for each in equivalences),
    )
    counts = {name: len(each) for name, each in sorted(terms.items())}
    return {**counts, "axioms": len(axioms), "equivalences": len(equivalences)}


def _anatomy_of_cells(cells: CellOntology, tables: Mapping[str, Mapping[str, Term]]) -> set[str]:
    return {
        object_
        for subject, predicate, object_ in cells.relations
        if predicate == "part_of" and subject in tables["cl"] and object_ in tables["uberon"]
    }


def _definitions(cells: CellOntology, *files: Mapping[str, Stanza]) -> dict[str, str]:
    definitions: dict[str, str] = {}
    for file in files:
        definitions |= {key: each.definition for key, each in file.items() if each.definition}
    return definitions | dict(cells.definitions)


def _used_terms(
    name: str, table: Mapping[str, Term], used: Set[str], anatomy: Mapping[str, Stanza]
) -> list[Term]:
    wanted = sorted(identifier for identifier in used if identifier.startswith(name.upper() + ":"))
    missing = [identifier for identifier in wanted if identifier not in table]
    if missing:
        raise ContentError(
            f"the content uses {', '.join(missing)}, which the {name.upper()} release does not have",
            mend="correct the identifier in data/curated or data/entities",
        )
    terms = [table[identifier] for identifier in wanted]
    if name == "hp":
        return [Term(term.id, term.label, deprecated=term.deprecated) for term in terms]
    if name == "uberon":
        # The UBERON table mixes is_a and part_of in its parents; the slim keeps them apart.
        return [replace(term, parents=tuple(anatomy.get(term.id, Stanza()).parents)) for term in terms]
    return terms


def _finished(term: Term, kept: Set[str], definitions: Mapping[str, str]) -> Term:
    """The term without edges that leave the backbone, its names tidied, its definition added."""
    parents = () if term.deprecated else tuple(sorted(parent for parent in term.parents if parent in kept))
    synonyms = tuple(sorted({name.strip() for name in term.synonyms} - {term.label, ""}))
    replaced_by = tuple(
        each for each in map(normalise, term.replaced_by) if each.partition(":")[0] in PREFIXES
    )
    definition = None if term.deprecated else definitions.get(term.id)
    return replace(term, parents=parents, synonyms=synonyms, replaced_by=replaced_by, definition=definition)


def _mappings(directory: Path) -> Iterator[Equivalence]:
    for vocabulary in MAPPED_VOCABULARIES:
        path = directory / f"mondo_exactmatch_{vocabulary}.sssom.tsv.gz"
        for row in _dictionaries(path):
            if row["predicate_id"] == "skos:exactMatch":
                yield Equivalence("mappings", row["subject_id"], normalise(row["object_id"]))


def _gene_equivalences(native: Path, genes: Iterable[Term]) -> Iterator[Equivalence]:
    used = {gene.id for gene in genes}
    columns = {
        "NCBI Gene ID(supplied by NCBI)": "NCBIGene",
        "UniProt ID(supplied by UniProt)": "UniProtKB",
        "Ensembl gene ID": "ENSEMBL",
    }
    for row in _dictionaries(native / "hgnc_entries.tsv.gz"):
        if row["HGNC ID"] in used:
            for column, prefix in columns.items():
                for local in re.split(r"[,\s]+", row[column] or ""):
                    if local:
                        yield Equivalence("hgnc", row["HGNC ID"], f"{prefix}:{local}")


def _dictionaries(path: Path) -> Iterator[dict[str, str]]:
    with open_text(path) as stream:
        lines = (line for line in stream if not line.startswith("#"))
        yield from csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
