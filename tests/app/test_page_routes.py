from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from fastapi.testclient import TestClient


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "/entity/MONDO:0005301"),
        ("text/turtle", "/api/v1/entity/MONDO:0005301"),
        ("*/*", "/api/v1/entity/MONDO:0005301"),
    ],
)
def test_an_identifier_leads_to_page_or_data(client: TestClient, accept: str, location: str) -> None:
    answer = client.get("/id/MONDO:0005301", headers={"Accept": accept})
    assert answer.status_code == 303
    assert urljoin("/id/MONDO:0005301", answer.headers["location"]) == location
    assert client.get(
        urljoin("/id/MONDO:0005301", answer.headers["location"]), headers={"Accept": accept}
    ).is_success


def test_an_iri_as_identifier_leads_to_the_same_place(client: TestClient) -> None:
    path = "/id/http://purl.obolibrary.org/obo/MONDO_0005301"
    location = client.get(path).headers["location"]
    assert urljoin(path, location) == "/api/v1/entity/MONDO:0005301"


def test_the_id_of_an_association_leads_to_it(client: TestClient) -> None:
    identifier = client.get("/api/v1/association?limit=1").json()["items"][0]["id"]
    location = client.get(f"/id/{identifier}").headers["location"]
    assert urljoin(f"/id/{identifier}", location) == f"/api/v1/association/{identifier}"


@pytest.mark.parametrize(("identifier", "status"), [("MONDO:9999999", 404), ("nonsense", 400)])
def test_an_identifier_that_leads_nowhere_is_refused(
    client: TestClient, identifier: str, status: int
) -> None:
    assert client.get(f"/id/{identifier}").status_code == status


def test_a_page_tells_what_is_stated_and_what_is_stated_as_negative(client: TestClient) -> None:
    page = client.get("/entity/MONDO:0005301").text
    assert "<h1>multiple sclerosis</h1>" in page
    assert "Not medical advice" in page
    assert '<strong class="negated">not</strong> treats' in page


@pytest.mark.parametrize("path", ["/entity/MONDO:0005301", "/docs"])
def test_whatever_a_page_loads_or_links_to_here_answers(client: TestClient, path: str) -> None:
    page = client.get(path).text
    loaded = set(re.findall(r'<(?:link|script|img)\b[^>]*(?:href|src)="([^"]+)"', page))
    followed = {
        address for address in re.findall(r'<a href="([^"]+)"', page) if not address.startswith("http")
    }
    assert loaded
    for address in loaded | followed:
        assert not address.startswith(("http", "//")), address
        assert client.get(urljoin(path, address)).is_success, address


@pytest.mark.parametrize("path", ["/entity/MONDO:0005301", "/docs"])
def test_a_page_runs_nothing_but_our_own_files(client: TestClient, path: str) -> None:
    policy = client.get(path).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"<script>|style=|\son\w+=", client.get(path).text)


def test_swagger_ui_comes_with_its_licence(client: TestClient) -> None:
    assert "Apache License" in client.get("/docs/LICENSE").text
    assert (
        client.get("/docs/swagger-ui-bundle.js").headers["content-type"] == "text/javascript; charset=utf-8"
    )


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fdocs.html", "%2e%2e", "swagger%2FLICENSE"])
def test_no_other_file_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/docs/{name}").status_code in (404, 422)
