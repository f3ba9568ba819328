"""A small store in named graphs, and a jail that answers from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.app.jail.asking import Asking, Result, run_in_jail

from stemgraph.app.jail import JailLimits
from stemgraph.ontology.identifiers import BASE

CURATED = BASE + "graph/curated"
MONDO = BASE + "graph/mondo"

QUADS = f"""
PREFIX sgv: <{BASE}vocab/>
PREFIX sg: <{BASE}entity/>
PREFIX MONDO: <http://purl.obolibrary.org/obo/MONDO_>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
GRAPH <{MONDO}> {{
  MONDO:0005301 a sgv:Disease ; rdfs:label "multiple sclerosis" .
  MONDO:0005314 a sgv:Disease ; rdfs:label "relapsing-remitting multiple sclerosis" ;
    rdfs:subClassOf MONDO:0005301 .
}}
GRAPH <{CURATED}> {{
  sg:autologous-hsct a sgv:Therapy ; rdfs:label "SERVICE for stem cells" ; sgv:treats MONDO:0005314 .
}}
"""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An Oxigraph directory: the small graph, and 2,000 quads for heavy queries."""
    directory = tmp_path_factory.mktemp("sparql") / "store"
    opened = ox.Store(str(directory))
    opened.load(QUADS.encode(), ox.RdfFormat.TRIG)
    counted = ox.NamedNode(BASE + "vocab/number")
    opened.extend(
        ox.Quad(
            ox.NamedNode(f"{BASE}entity/n{n}"), counted, ox.Literal(n), ox.NamedNode(BASE + "graph/numbers")
        )
        for n in range(2000)
    )
    opened.flush()
    del opened
    return directory


@pytest.fixture
def run_with(store: Path) -> Callable[..., object]:
    """Run an async function of a jail, started before and stopped after."""

    def run(
        work: Callable[[Asking], Awaitable[Result]],
        limits: JailLimits | None = None,
        stores: Iterable[Path] = (store,),
    ) -> Result:
        return run_in_jail(work, store, limits or JailLimits(workers=1, spares=0), stores)

    return run
