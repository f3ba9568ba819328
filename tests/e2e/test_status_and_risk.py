"""Questions of the same kinds as the competency questions, through the running service over the bundle."""

from __future__ import annotations

from tests.e2e.conftest import Service

ALOFISEL = "UNII:31W7R94KYT"


def test_p6_the_status_of_alofisel_at_two_dates(service: Service) -> None:
    for as_of, status, in_force in (("2019-06-01", "authorised", True), ("2025-01-31", "withdrawn", False)):
        found = service.json("/api/v1/status", product=ALOFISEL, jurisdiction="EU", as_of=as_of)
        (item,) = found["items"]
        assert (item["status"], item["in_force"]) == (status, in_force)
        assert [each["date"] for each in item["actions"]] == ["2018-03-23", "2024-12"]


def test_p9_graft_versus_host_disease_by_donor_type(service: Service) -> None:
    therapies = ["STEMGRAPH:autologous-hsct", "MAXO:0001479", "STEMGRAPH:autologous-hsc-gene-therapy"]
    (item,) = service.json("/api/v1/risks", therapy=therapies, risk="MONDO:0013730")["items"]
    assert [cell["standing"] for cell in item["cells"]] == [
        "stated as negative",
        "stated",
        "stated as negative",
    ]
    assert all(cell["rows"][0]["association"]["evidence"] for cell in item["cells"])


def test_p12_the_boxed_warning_of_the_class_and_of_the_product_that_is_not_in_it(service: Service) -> None:
    therapies = ["STEMGRAPH:kymriah", "STEMGRAPH:aucatzyl"]
    risk = "STEMGRAPH:t-cell-malignancy-after-car-t"
    (item,) = service.json("/api/v1/risks", therapy=therapies, risk=risk)["items"]
    assert [(cell["standing"], cell["boxed_warning"]) for cell in item["cells"]] == [
        ("inherited", "by class"),
        ("not stated", None),
    ]
    path = item["cells"][0]["rows"][0]["association"]["inherited"]["path"]
    assert path[0]["object"]["id"] == "STEMGRAPH:bcma-or-cd19-autologous-car-t-class"


def test_the_boxed_warning_of_skysona_changed_its_count(service: Service) -> None:
    items = service.json("/api/v1/risks", therapy="STEMGRAPH:skysona")["items"]
    told = {
        (row["as_of"], row["frequency"]["numerator"], row["frequency"]["denominator"])
        for item in items
        for row in item["rows"]
    }
    assert told == {("2022", 3, 67), ("2025-07", 10, 67)}


def test_products_approved_in_a_year_are_counted_by_class(service: Service) -> None:
    found = service.json("/api/v1/actions", type="approval", year=2017, jurisdiction="US", by="product_class")
    counts = {group["values"]["product_class"]: group["products"] for group in found["groups"]}
    assert counts["BCMA- or CD19-directed autologous CAR T-cell immunotherapies"] == 2


def test_a_product_refused_in_one_place_is_authorised_in_another(service: Service) -> None:
    found = service.json("/api/v1/status", product="STEMGRAPH:ebvallo", as_of="2026-06-01")
    assert {item["jurisdiction"]: item["status"] for item in found["items"]} == {
        "EU": "authorised",
        "US": "refused",
    }
    assert found["status"] is None


def test_a_timeline_can_be_shown_as_an_image(service: Service) -> None:
    status, headers, body = service.request(
        "/api/v1/timeline?product=STEMGRAPH:skysona", headers={"Accept": "image/svg+xml"}
    )
    assert (status, headers["content-type"]) == (200, "image/svg+xml")
    assert body.startswith(b"<svg ")
