"""Reads of earlier releases: the same bytes ever after, from every route."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from tests.releases import ADDED, AXIOM, SCLEROSIS, TREATED, publish, second_quads, small_quads

from stemgraph.app import Settings, create_app
from stemgraph.app.routes import OPERATIONS
from stemgraph.graph import KnowledgeGraph

ENTITY = f"/api/v1/entity/{SCLEROSIS}"
SELECT = "/sparql?query=" + quote(f"SELECT ?label {{ {SCLEROSIS} rdfs:label ?label }}")
ATOM = "{http://www.w3.org/2005/Atom}"

READS = [
    (ENTITY, "application/json"),
    (ENTITY, "text/turtle"),
    (ENTITY + "/associations", "application/json"),
    (ENTITY + "/associations?limit=1", "application/n-quads"),
    (ENTITY + "/hierarchy", "application/json"),
    (ENTITY + "/neighborhood", "application/json"),
    (f"/api/v1/association/{TREATED}", "application/json"),
    (f"/api/v1/association/{TREATED}", "application/ld+json"),
    ("/api/v1/association?predicate=treats", "application/json"),
    ("/api/v1/search?q=sclerosis", "application/json"),
    ("/api/v1/autocomplete?q=dissem", "application/json"),
    (f"/api/v1/path?source=CL:0000084&target={SCLEROSIS}", "application/json"),
    ("/api/v1/therapies?disease=MONDO:0005314", "application/json"),
    ("/api/v1/stats", "application/json"),
    ("/api/v1/release", "application/json"),
    ("/api/v1/releases", "application/json"),
    ("/api/v1/releases.atom", "application/atom+xml"),
    ("/api/v1/export?format=turtle", "*/*"),
    ("/api/v1/export?format=nquads", "*/*"),
    ("/api/v1/export?format=kgx-tsv", "*/*"),
    ("/api/v1/export?format=graphml", "*/*"),
    ("/api/v1/export?format=csv&subject=STEMGRAPH:autologous-hsct", "*/*"),
    (f"/entity/{SCLEROSIS}", "text/html"),
    (SELECT, "application/json"),
    (SELECT, "text/csv"),
]


def serve(data: Path, **settings: Any) -> TestClient:
    """A client of the service over a data directory."""
    app = create_app(Settings(data=data, sparql_workers=1, **settings))
    return TestClient(app, follow_redirects=False)


def read(client: TestClient, path: str, release: object, accept: str = "*/*") -> Any:
    joined = f"{path}{'&' if '?' in path else '?'}release={release}"
    return client.get(joined, headers={"Accept": accept})


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory of two releases."""
    directory = tmp_path_factory.mktemp("releases") / "data"
    publish(directory, small_quads(), date="2026-11-01")
    publish(directory, second_quads(), date="2026-12-01")
    return directory


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[TestClient]:
    """A client of the service whose current release is the second."""
    with serve(data) as running:
        yield running


@pytest.fixture(scope="module")
def ids(data: Path) -> list[str]:
    """The ids of the two releases."""
    with KnowledgeGraph.open(data) as graph:
        return [each.id for each in graph.releases()]


def test_a_published_release_answers_byte_for_byte_the_same_ever_after(tmp_path: Path) -> None:
    publish(tmp_path, small_quads(), date="2026-11-01")
    with serve(tmp_path) as client:
        before = [read(client, path, 1, accept) for path, accept in READS]
        assert {answer.status_code for answer in before} == {200}
        publish(tmp_path, second_quads(), date="2026-12-01")
        published = [read(client, path, 1, accept) for path, accept in READS]
        newer = [read(client, path, 2, accept) for path, accept in READS]
    publish(tmp_path, [*small_quads(), *second_quads()], date="2027-01-01")
    with serve(tmp_path) as restarted:
        after = [read(restarted, path, 1, accept) for path, accept in READS]
        newer_after = [read(restarted, path, 2, accept) for path, accept in READS]
        assert restarted.get("/api/v1/release").json()["number"] == 3
    for old, new in [*zip(before, published, strict=True), *zip(before, after, strict=True)]:
        assert new.content == old.content, old.url
        assert new.headers.get("etag") == old.headers.get("etag")
        assert new.headers["stemgraph-release"] == old.headers["stemgraph-release"]
    for old, new in zip(newer, newer_after, strict=True):
        assert new.content == old.content, old.url
    assert all(one.content != other.content for one, other in zip(before, newer, strict=True))


@pytest.mark.parametrize(("path", "accept"), READS)
def test_an_answer_names_the_release_that_was_asked(
    client: TestClient, ids: list[str], path: str, accept: str
) -> None:
    for number, identifier in enumerate(ids, start=1):
        answer = read(client, path, number, accept)
        assert answer.status_code == 200
        assert answer.headers["stemgraph-release"].startswith(identifier)
        if answer.headers["content-type"] == "application/json" and "/api/" in path:
            meta = answer.json()["meta"]
            assert (meta["release"], meta["release_number"]) == (identifier, number)
    tags = {read(client, path, number, accept).headers["etag"] for number in (1, 2)}
    assert len(tags) == 2


def test_a_release_is_named_by_number_id_or_digest(client: TestClient, ids: list[str]) -> None:
    asked = ["1", ids[0], ids[0][:6], ids[0].upper()]
    assert {read(client, ENTITY, each).json()["label"] for each in asked} == {"multiple sclerosis"}
    assert client.get(ENTITY).json()["label"] == "disseminated sclerosis"


@pytest.mark.parametrize("path", [ENTITY, "/sparql?query=ASK%7B%7D", "/api/v1/export", f"/id/{SCLEROSIS}"])
def test_an_unknown_release_is_a_problem_with_those_there_are(
    client: TestClient, ids: list[str], path: str
) -> None:
    answer = read(client, path, 7)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    problem = answer.json()
    assert problem["type"].endswith("/unknown-release")
    assert problem["place"] == "release"
    assert [(each["number"], each["id"]) for each in problem["releases"]] == [*enumerate(ids, start=1)]


@pytest.mark.parametrize("path", [ENTITY, "/sparql"])
@pytest.mark.parametrize("query", ["release=latest", "release=", "release=1&release=2"])
def test_what_is_no_release_is_refused(client: TestClient, path: str, query: str) -> None:
    answer = client.get(f"{path}?{query}")
    assert (answer.status_code, answer.json()["place"]) == (422, "release")


def test_a_misspelt_release_is_told(client: TestClient) -> None:
    assert client.get(ENTITY + "?relaese=1").json()["suggestions"] == ["release"]


def test_rdf_says_from_which_release_it_is(client: TestClient, ids: list[str]) -> None:
    export = "/api/v1/export?predicate=treats"
    for path in (ENTITY, ENTITY + "/associations", f"/api/v1/association/{TREATED}", export):
        for number, identifier in enumerate(ids, start=1):
            answer = read(client, path, number, "application/n-triples")
            triples = list(ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES))
            named = {
                (each.predicate.value.rpartition("/")[2], each.object.value)
                for each in triples
                if str(each.subject) == f"<https://w3id.org/stemgraph/release/{identifier}>"
                and isinstance(each.object, ox.Literal)
            }
            assert ("version", str(number)) in named
            assert any(
                name == "identifier" and value.startswith("sha256:" + identifier) for name, value in named
            )


@pytest.mark.parametrize("name", ["turtle", "trig", "ntriples", "jsonld", "rdfxml", "nquads"])
def test_an_export_says_from_which_release_it_is(client: TestClient, ids: list[str], name: str) -> None:
    for number, identifier in enumerate(ids, start=1):
        whole = read(client, f"/api/v1/export?format={name}", number).content
        part = read(client, f"/api/v1/export?format={name}&predicate=treats", number).content
        assert f"release/{identifier}".encode() in part
        if name == "nquads":
            assert sha256(whole).hexdigest().startswith(identifier)
        else:
            assert f"release/{identifier}".encode() in whole


def test_sparql_workers_answer_for_the_release_that_is_asked(client: TestClient) -> None:
    form = {"query": f"SELECT ?label {{ {SCLEROSIS} rdfs:label ?label }}"}
    labels = [
        client.post(path, data=fields).json()["results"]["bindings"][0]["label"]["value"]
        for path, fields in [
            ("/sparql", form),
            ("/sparql?release=1", form),
            ("/sparql", {**form, "release": "1"}),
            ("/sparql?release=2", form),
        ]
    ]
    assert labels == [
        "disseminated sclerosis",
        "multiple sclerosis",
        "multiple sclerosis",
        "disseminated sclerosis",
    ]


def test_only_a_few_other_releases_are_open_at_once(tmp_path: Path) -> None:
    quads = small_quads()
    for number in range(5):
        publish(tmp_path, quads[number:])
    with serve(tmp_path, open_releases=1) as client:
        for _ in range(2):
            for number in range(1, 6):
                assert read(client, "/api/v1/stats", number).json()["meta"]["release_number"] == number
                assert read(client, SELECT, number).status_code == 200
                assert read(client, "/api/v1/export?format=csv", number).status_code == 200


def test_many_releases_are_read_at_once_and_each_answers_for_itself(tmp_path: Path) -> None:
    publish(tmp_path, small_quads())
    publish(tmp_path, second_quads())
    publish(tmp_path, small_quads()[2:])
    with serve(tmp_path, open_releases=2, cache_bytes=0) as client, ThreadPoolExecutor(8) as pool:
        asked = [(path, number) for path, _ in READS for number in (1, 2, 3)]
        paths, numbers = zip(*asked, strict=True)
        answers = list(pool.map(partial(read, client), paths, numbers))
    for (path, number), answer in zip(asked, answers, strict=True):
        assert answer.status_code == 200, (path, number, answer.text)
    by_release = {
        number: {
            answer.headers["stemgraph-release"]
            for (_, each), answer in zip(asked, answers, strict=True)
            if each == number
        }
        for number in (1, 2, 3)
    }
    assert all(len(said) == 1 for said in by_release.values())


def test_links_stay_at_the_release_that_was_asked(client: TestClient) -> None:
    answer = client.get("/api/v1/association?limit=1&release=1")
    following = client.get(answer.url.join(answer.links["next"]["url"]))
    assert following.json()["meta"]["release_number"] == 1
    assert read(client, f"/id/{SCLEROSIS}", 1).headers["location"].endswith("?release=1")
    assert f'entity/{SCLEROSIS}?release=1"' in read(client, "/entity/MONDO:0005314", 1).text


def test_a_cursor_of_another_release_is_refused(client: TestClient) -> None:
    cursor = client.get("/api/v1/association?limit=1&release=1").json()["next_cursor"]
    answer = client.get(f"/api/v1/association?limit=1&release=2&cursor={cursor}")
    assert (answer.status_code, answer.json()["place"]) == (422, "cursor")


def test_releases_are_listed_the_last_first(client: TestClient, ids: list[str]) -> None:
    listed = client.get("/api/v1/releases").json()
    assert [(each["number"], each["id"]) for each in listed["items"]] == [(2, ids[1]), (1, ids[0])]
    first = client.get("/api/v1/releases?limit=1")
    second = client.get(first.url.join(first.links["next"]["url"])).json()
    assert [each["number"] for each in second["items"]] == [1]
    assert [each["number"] for each in read(client, "/api/v1/releases", 1).json()["items"]] == [1]


def test_the_list_follows_what_is_published_meanwhile(tmp_path: Path) -> None:
    publish(tmp_path, small_quads())
    with serve(tmp_path) as client:
        before = client.get("/api/v1/releases")
        again = client.get("/api/v1/releases", headers={"If-None-Match": before.headers["etag"]})
        assert again.status_code == 304
        publish(tmp_path, second_quads())
        after = client.get("/api/v1/releases", headers={"If-None-Match": before.headers["etag"]})
    assert (before.json()["total"], after.json()["total"]) == (1, 2)


def test_the_feed_is_atom_with_links_that_lead_somewhere(client: TestClient, ids: list[str]) -> None:
    answer = client.get("/api/v1/releases.atom")
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = ElementTree.fromstring(answer.content)  # noqa: S314  # our own answer
    entries = feed.findall(ATOM + "entry")
    assert [each.findtext(ATOM + "id") for each in entries] == [
        f"https://w3id.org/stemgraph/release/{identifier}" for identifier in reversed(ids)
    ]
    assert entries[0].findtext(ATOM + "updated") == "2026-12-01T00:00:00Z"
    for link in feed.iter(ATOM + "link"):
        assert client.get(answer.url.join(str(link.get("href")))).status_code == 200


def test_the_feed_is_a_json_feed_too(client: TestClient) -> None:
    answer = client.get("/api/v1/releases.atom", headers={"Accept": "application/feed+json"})
    feed = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert [each["title"] for each in feed["items"]] == [
        "Release 2 of 2026-12-01",
        "Release 1 of 2026-11-01",
    ]
    assert feed["items"][0]["_stemgraph"]["counts"]["association"]["added"] == 1


def test_two_releases_are_compared_page_by_page(client: TestClient) -> None:
    answer = client.get("/api/v1/diff?from=1&to=2&limit=3")
    first = answer.json()
    rest = client.get(answer.url.join(answer.links["next"]["url"])).json()
    items = [*first["items"], *rest["items"]]
    assert [(each["change"], each["id"]) for each in items] == [
        ("added", ADDED),
        ("removed", AXIOM),
        ("changed", TREATED),
        ("changed", SCLEROSIS),
    ]
    assert items[2]["fields"] == [
        {"field": "status", "before": "guideline_supported", "after": "standard_of_care"}
    ]
    assert (first["from"]["number"], first["to"]["number"], first["total"]) == (1, 2, 4)


def test_without_names_the_last_release_is_compared_with_the_one_before(client: TestClient) -> None:
    assert client.get("/api/v1/diff").json()["from"]["number"] == 1
    assert client.get("/api/v1/diff?release=1").json()["place"] == "from"
    assert client.get("/api/v1/diff?from=9").status_code == 404
    kinds = client.get("/api/v1/diff?kind=entity&change=changed").json()
    assert [each["id"] for each in kinds["items"]] == [SCLEROSIS]


def test_every_read_route_accepts_a_release(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    apart = {each.name for each in OPERATIONS if not each.of_release}
    without = {
        operation["operationId"]
        for item in document["paths"].values()
        for method, operation in item.items()
        if method in ("get", "post", "put", "delete")
        and not any(
            (each["name"], each["in"]) == ("release", "query") for each in operation.get("parameters", ())
        )
    }
    assert without == apart
    assert all(
        path.startswith(("/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"))
        for path in (each.path for each in OPERATIONS if each.tag == "operations")
    )
