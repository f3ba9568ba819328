from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from stemgraph.graph import KnowledgeGraph
from stemgraph.graph.regulatory.picture import PAINTS

SVG = "{http://www.w3.org/2000/svg}"


def spans(graph: KnowledgeGraph, product: str, jurisdiction: str) -> list[tuple[str | None, str, str]]:
    (lane,) = (each for each in graph.timeline(product).lanes if each.jurisdiction == jurisdiction)
    return [
        (span.first.isoformat() if span.first else None, span.last.isoformat(), span.status)
        for span in lane.spans
    ]


def test_a_partial_date_makes_a_span_of_doubt(bundled: KnowledgeGraph) -> None:
    assert spans(bundled, "UNII:31W7R94KYT", "EU") == [
        ("2018-03-23", "2024-11-30", "authorised"),
        ("2024-12-01", "2024-12-30", "undetermined"),
        ("2024-12-31", bundled.release.date, "withdrawn"),
    ]


def test_what_began_on_an_open_day_has_no_first_day(regulation: KnowledgeGraph) -> None:
    assert spans(regulation, "STEMGRAPH:undated", "US")[0] == (None, "2026-11-21", "undetermined")


def test_a_timeline_may_be_of_one_disease(regulation: KnowledgeGraph) -> None:
    timeline = regulation.timeline("STEMGRAPH:pair", disease="STEMGRAPH:spring-fever")
    assert [lane.jurisdiction for lane in timeline.lanes] == ["EU", "US"]
    assert [span.status for span in timeline.lanes[1].spans] == ["conditional", "undetermined", "not stated"]


def test_a_product_without_actions_has_an_empty_timeline_that_says_so(regulation: KnowledgeGraph) -> None:
    timeline = regulation.timeline("STEMGRAPH:stranger")
    assert timeline.lanes == ()
    assert "No regulatory action is recorded." in timeline.to_svg()


@pytest.mark.parametrize("name", ["broad", "whole", "undated", "pair", "told", "stranger"])
def test_the_picture_can_be_read_without_seeing_it(regulation: KnowledgeGraph, name: str) -> None:
    root = ElementTree.fromstring(regulation.timeline(f"STEMGRAPH:{name}").to_svg())  # noqa: S314  # our own
    ids = {element.get("id"): element for element in root.iter() if element.get("id")}
    assert root.get("role") == "img"
    labels = (root.get("aria-labelledby") or "").split()
    assert [ids[label].tag for label in labels] == [f"{SVG}title", f"{SVG}desc"]
    assert all(ids[label].text for label in labels)


def test_every_status_in_the_picture_has_its_word_beside_its_colour(bundled: KnowledgeGraph) -> None:
    timeline = bundled.timeline("STEMGRAPH:skysona")
    root = ElementTree.fromstring(timeline.to_svg())  # noqa: S314  # our own
    words = {element.text for element in root.iter(f"{SVG}text")}
    assert {span.status for lane in timeline.lanes for span in lane.spans} <= words


def test_the_picture_needs_no_style_sheet_or_script_and_nothing_from_elsewhere(
    bundled: KnowledgeGraph,
) -> None:
    picture = bundled.timeline("STEMGRAPH:skysona").to_svg()
    assert not re.search(r"<(style|script|image|use|foreignObject)\b|style=|on\w+=|href=", picture)


def test_two_pictures_on_a_page_share_no_id(bundled: KnowledgeGraph) -> None:
    one, other = (
        set(re.findall(r'\bid="([^"]+)"', bundled.timeline(f"STEMGRAPH:{name}").to_svg()))
        for name in ("skysona", "zynteglo")
    )
    assert one
    assert not one & other


def test_names_are_escaped_in_the_picture(regulation: KnowledgeGraph) -> None:
    from dataclasses import replace

    timeline = regulation.timeline("STEMGRAPH:broad")
    hostile = replace(timeline, product=replace(timeline.product, label="<script>&"))
    assert "<script>" not in hostile.to_svg()
    assert "<script>" not in hostile._repr_html_()


def test_a_notebook_shows_picture_and_list(bundled: KnowledgeGraph) -> None:
    timeline = bundled.timeline("STEMGRAPH:skysona")
    assert timeline._repr_svg_() == timeline.to_svg()
    assert "<li>US, on 2025-08-07" in timeline._repr_html_()


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("status", [name for name, paint in PAINTS.items() if paint.fill.startswith("#")])
def test_letters_stand_out_from_their_bar(status: str) -> None:
    light, dark = sorted(map(luminance, PAINTS[status]), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
