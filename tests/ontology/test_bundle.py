"""The bundle in the package is what its content makes, small enough to ship, and rightly named."""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest

from stemgraph.ontology.builder import BundleSummary, build_bundle
from stemgraph.ontology.bundle import bundle_directory, bundled_release
from stemgraph.ontology.curation import content_directory
from stemgraph.ontology.errors import ContentError
from stemgraph.ontology.identifier_check import VerdictKind, check_identifiers, identifier_tables
from stemgraph.ontology.identifier_pairs import read_pairs

MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> BundleSummary:
    return build_bundle(tmp_path_factory.mktemp("bundle"))


def test_the_committed_bundle_is_what_its_content_makes(fresh: BundleSummary) -> None:
    committed = bundle_directory()

    assert (committed / "release.json").read_text("utf-8") == (fresh.directory / "release.json").read_text(
        "utf-8"
    )
    # Compressed bytes may differ between versions of zlib; what they hold may not.
    packed = [(each / "graph.nq.gz").read_bytes() for each in (committed, fresh.directory)]
    assert gzip.decompress(packed[0]) == gzip.decompress(packed[1])


def test_the_bundle_stays_small_enough_for_the_wheel(fresh: BundleSummary) -> None:
    data = content_directory()
    shipped = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())

    assert fresh.size < 8 * MEGABYTE
    assert shipped < 14 * MEGABYTE
    assert fresh.counts["quads"] < 560_000


def test_the_bundle_tells_its_release() -> None:
    release = bundled_release()

    assert release["number"] == 1
    assert len(release["digest"]) == 64
    assert {each["name"] for each in release["sources"]} >= {"curated", "article", "cl", "mondo", "maxo"}
    assert all(each["license_url"].startswith("https://") for each in release["sources"])


def test_every_statement_is_in_a_graph_or_describes_one(fresh: BundleSummary) -> None:
    graphs = Counter[str]()
    with gzip.open(fresh.directory / "graph.nq.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            graphs[line.rsplit(" ", 2)[1]] += 1

    assert sum(graphs.values()) == fresh.counts["quads"]
    stated = {each["name"]: each["quads"] for each in bundled_release()["sources"]}
    for name, quads in stated.items():
        assert graphs[f"<https://w3id.org/stemgraph/graph/{name}>"] == quads > 0


@pytest.mark.parametrize("folder", ["curated", "entities"])
def test_the_content_passes_the_identifier_check(folder: str) -> None:
    tables = identifier_tables()
    pairs = [
        pair for path in sorted(content_directory().glob(f"{folder}/*.yaml")) for pair in read_pairs(path)
    ]

    verdicts = check_identifiers(pairs, tables)

    assert [each.message for each in verdicts if each.is_wrong] == []
    assert sum(each.kind is VerdictKind.EXACT for each in verdicts) > 10


@pytest.mark.large
def test_the_content_passes_the_identifier_check_against_the_whole_releases(shared_data: Path) -> None:
    tables = identifier_tables(shared_data / "ontology_tables")
    folders = [content_directory() / folder for folder in ("curated", "entities")]
    pairs = [pair for each in folders for path in sorted(each.glob("*.yaml")) for pair in read_pairs(path)]

    wrong = [each for each in check_identifiers(pairs, tables) if each.is_wrong]

    assert [each.message for each in wrong] == []


def test_a_missing_bundle_is_told_with_its_mend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("stemgraph.ontology.bundle.bundle_directory", lambda: tmp_path)
    bundled_release.cache_clear()

    with pytest.raises(ContentError, match="run `stemgraph build`"):
        bundled_release()
