"""CURIEs and IRIs: one prefix map, read by everything.

Prefixes follow the Biolink Model prefix map; ``STEMGRAPH``, ``sgv``, ``sga``, ``sge``, ``sgr`` and
``sgg`` are our own namespaces.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from stemgraph.ontology.errors import MalformedIdentifierError

if TYPE_CHECKING:
    import curies

BASE: Final = "https://w3id.org/stemgraph/"

PREFIXES: Final[dict[str, str]] = {
    "STEMGRAPH": BASE + "entity/",
    "sgv": BASE + "vocab/",
    "sga": BASE + "association/",
    "sge": BASE + "evidence/",
    "sgr": BASE + "action/",
    "sgg": BASE + "graph/",
    "CL": "http://purl.obolibrary.org/obo/CL_",
    "MONDO": "http://purl.obolibrary.org/obo/MONDO_",
    "MAXO": "http://purl.obolibrary.org/obo/MAXO_",
    "UBERON": "http://purl.obolibrary.org/obo/UBERON_",
    "CHEBI": "http://purl.obolibrary.org/obo/CHEBI_",
    "GO": "http://purl.obolibrary.org/obo/GO_",
    "HP": "http://purl.obolibrary.org/obo/HP_",
    "ECO": "http://purl.obolibrary.org/obo/ECO_",
    "RO": "http://purl.obolibrary.org/obo/RO_",
    "BFO": "http://purl.obolibrary.org/obo/BFO_",
    "IAO": "http://purl.obolibrary.org/obo/IAO_",
    "COB": "http://purl.obolibrary.org/obo/COB_",
    "OBI": "http://purl.obolibrary.org/obo/OBI_",
    "CLO": "http://purl.obolibrary.org/obo/CLO_",
    "PR": "http://purl.obolibrary.org/obo/PR_",
    "PATO": "http://purl.obolibrary.org/obo/PATO_",
    "PCL": "http://purl.obolibrary.org/obo/PCL_",
    "PO": "http://purl.obolibrary.org/obo/PO_",
    "DDANAT": "http://purl.obolibrary.org/obo/DDANAT_",
    "DOID": "http://purl.obolibrary.org/obo/DOID_",
    "NCIT": "http://purl.obolibrary.org/obo/NCIT_",
    "EFO": "http://www.ebi.ac.uk/efo/EFO_",
    "HGNC": "http://identifiers.org/hgnc/",
    "NCBIGene": "http://identifiers.org/ncbigene/",
    "ENSEMBL": "http://identifiers.org/ensembl/",
    "UniProtKB": "http://purl.uniprot.org/uniprot/",
    "MESH": "http://id.nlm.nih.gov/mesh/",
    "OMIM": "http://purl.obolibrary.org/obo/OMIM_",
    "ORPHANET": "http://www.orpha.net/ORDO/Orphanet_",
    "ICD10": "https://icd.codes/icd9cm/",
    "ICD10CM": "http://purl.bioontology.org/ontology/ICD10CM/",
    "UNII": "http://fdasis.nlm.nih.gov/srs/unii/",
    "RXCUI": "http://purl.bioontology.org/ontology/RXNORM/",
    "DRUGBANK": "http://identifiers.org/drugbank/",
    "CLINICALTRIALS": "http://clinicaltrials.gov/ct2/show/",
    "PMID": "http://www.ncbi.nlm.nih.gov/pubmed/",
    "PMC": "http://europepmc.org/articles/PMC",
    "DOI": "https://doi.org/",
    "infores": "https://w3id.org/biolink/infores/",
    "biolink": "https://w3id.org/biolink/vocab/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "void": "http://rdfs.org/ns/void#",
    "schema": "http://schema.org/",
    "sssom": "https://w3id.org/sssom/",
    "semapv": "https://w3id.org/semapv/vocab/",
}

_UNFIT: Final = re.compile(r'[ <>"{}|\\^`\t\n\r]')
"""What no CURIE has after its prefix."""

_PREFIX_BY_NAMESPACE: Final[dict[str, str]] = {
    namespace: prefix for prefix, namespace in sorted(PREFIXES.items(), key=lambda item: -len(item[1]))
}
"""The prefix map turned round, longest namespace first."""


@cache
def converter() -> curies.Converter:
    """The converter between CURIEs and IRIs for every prefix in ``PREFIXES``."""
    import curies  # noqa: PLC0415  # takes 0.3 s, and most readers only expand or compress

    return curies.Converter.from_prefix_map(PREFIXES)


def expand(curie: str) -> str:
    """The IRI of a CURIE.

    Raises:
        MalformedIdentifierError: The string is no CURIE, or its prefix is unknown.
    """
    prefix, separator, local = curie.partition(":")
    namespace = PREFIXES.get(prefix)
    if not separator or not local or _UNFIT.search(local):
        raise MalformedIdentifierError(
            f"'{curie}' is not a CURIE", mend="write PREFIX:LOCAL, for example MONDO:0005301"
        )
    if namespace is None:
        raise MalformedIdentifierError(
            f"the prefix '{prefix}' of '{curie}' is not known",
            mend="use one of the prefixes listed by `GET /api/v1/schema`",
        )
    return namespace + local


def compress(iri: str) -> str:
    """The CURIE of an IRI, or the IRI itself where no known namespace begins it.

    Same answer as ``converter().compress``, several times faster: a release has 200,000 IRIs to compress.
    """
    for separator in "_/#":
        end = iri.rfind(separator) + 1
        prefix = _PREFIX_BY_NAMESPACE.get(iri[:end])
        if prefix is not None:
            return f"{prefix}:{iri[end:]}"
    for namespace, prefix in _PREFIX_BY_NAMESPACE.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


@cache
def _prefixes_in_any_case() -> dict[str, str]:
    return {prefix.casefold(): prefix for prefix in PREFIXES}


def normalise(identifier: str) -> str:
    """The identifier as a CURIE with its prefix in our spelling: ``hgnc:6010`` becomes ``HGNC:6010``.

    An IRI of a known namespace becomes its CURIE; anything else comes back as it was.
    """
    if identifier.startswith(("http://", "https://")):
        return compress(identifier)
    prefix, separator, local = identifier.partition(":")
    return f"{_prefixes_in_any_case().get(prefix.casefold(), prefix)}{separator}{local}"


def curie_of(identifier: str) -> str:
    """The CURIE of a CURIE or an IRI in a known namespace.

    Raises:
        MalformedIdentifierError: It is neither.
    """
    if identifier.startswith(("http://", "https://")):
        curie = compress(identifier)
        if curie == identifier:
            raise MalformedIdentifierError(
                f"'{identifier}' is in no known namespace", mend="use a CURIE such as MONDO:0005301"
            )
        return curie
    expand(identifier)
    return identifier
