"""The curated content holds every starting row, and says in its own words what the row's source says."""

from __future__ import annotations

import calendar
import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from stemgraph.ontology.curation import CuratedAction, CuratedAssociation, CuratedEvidence, content_directory
from stemgraph.ontology.curation.reading import read_content
from stemgraph.ontology.curation.records import FLAT_PREDICATES

Row = Mapping[str, str]
Statement = CuratedAssociation | CuratedAction
Encoded = Mapping[str, list[tuple[Statement, CuratedEvidence]]]

RUN = 6
"""Words in a row that count as copied."""
FIXED_TERMS = (
    "international society for cellular therapy",
    "immune effector cell associated neurotoxicity syndrome",
    "standard of care clinical evidence available",
)
"""Names of societies, diseases and grades, which have no other words."""
READ_BEYOND_THE_SNIPPET: Mapping[int, frozenset[str]] = {
    98: frozenset({"46.3", "48.8"}),  # the result that row 97 takes from the same page
    103: frozenset({"2016", "26", "5"}),  # the date that the table gives beside the indication
    114: frozenset({"5", "29"}),  # a date, written out
    117: frozenset({"3"}),  # "tripling"
    119: frozenset({"5", "16"}),  # a date, written out
    133: frozenset({"2", "27"}),  # the studies and their participants, further down the page
    137: frozenset({"11", "18", "28"}),  # CD11a and CD18, further down the page; a date, written out
    218: frozenset({"7"}),  # the years for further data, further down the page
    219: frozenset({"7"}),
    **{row: frozenset({"2019"}) for row in (84, 85, 86)},  # the year of the guideline
    **{row: frozenset({"6"}) for row in (159, 162, 165, 168, 171, 172)},  # the products that the source lists
}
_CARDINALS = {
    word: str(number)
    for number, word in enumerate(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 2
    )
}
_ORDINALS = {"first": "1", "second": "2", "twice": "2", "third": "3"}
_MONTHS = {month: str(number) for number, month in enumerate(calendar.month_name) if month}


@pytest.fixture(scope="module")
def starting_rows(shared_data: Path) -> dict[str, Row]:
    """The rows to be encoded, by origin, or a skip that says where they were looked for."""
    directory = shared_data.parent / "curation"
    if not directory.is_dir():
        pytest.skip(f"no starting rows at {directory}")
    rows: dict[str, Row] = {}
    for prefix in ("curated", "seed"):
        with (directory / f"{prefix}_assertions.tsv").open(encoding="utf-8") as lines:
            reader = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            rows.update({f"{prefix}:{number}": row for number, row in enumerate(reader, 1)})
    return rows


@pytest.fixture(scope="module")
def encoded() -> Encoded:
    """The evidence made from each row, with what it is evidence of."""
    found: dict[str, list[tuple[Statement, CuratedEvidence]]] = defaultdict(list)
    reading = read_content(content_directory())
    for statement in (*reading.curation.associations, *reading.curation.actions):
        for evidence in statement.evidence:
            for origin in evidence.origin:
                found[origin].append((statement, evidence))
    return found


@pytest.fixture(scope="module")
def logged(repository: Path) -> frozenset[str]:
    """The rows that the curation log explains."""
    text = (repository / "docs" / "curation-log.md").read_text(encoding="utf-8")
    rows: set[str] = set()
    for cell in re.findall(r"^\| curated:([^|]+) \|", text, re.MULTILINE):
        for first, last in re.findall(r"(\d+)(?:\s*[-\u2013]\s*(\d+))?", cell):
            rows.update(f"curated:{each}" for each in range(int(first), int(last or first) + 1))
    return frozenset(rows)


def numbers_in(text: str) -> set[str]:
    """Numbers of a text, small ones and months also when they are written out."""
    digits = re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d)[, ](?=\d{3}\b)", "", text))
    words = re.findall(r"[A-Za-z]+", text)
    spelled = [_CARDINALS.get(word.lower()) or _MONTHS.get(word) for word in words]
    return {each.lstrip("0") or "0" for each in (*digits, *filter(None, spelled))}


def numbers_known_from(text: str) -> set[str]:
    """The same, with ordinals and with what stands on either side of a point, as in a date or a DOI."""
    parts = {part.lstrip("0") or "0" for part in re.findall(r"\d+", text)}
    words = words_in(text)
    ordinals = {_ORDINALS[word] for word in words if word in _ORDINALS}
    months = {_MONTHS[word.capitalize()] for word in words if word.capitalize() in _MONTHS}
    return numbers_in(text) | parts | ordinals | months


def words_in(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def without_fixed_terms(text: str) -> str:
    """The words of a text, with a bar in place of each fixed term."""
    words = " ".join(words_in(text))
    for term in FIXED_TERMS:
        words = words.replace(term, "|")
    return words


def copied_runs(ours: str, theirs: str) -> Iterator[str]:
    """Runs of six words that both texts have, fixed terms apart."""
    source, words = f" {' '.join(words_in(theirs))} ", without_fixed_terms(ours).split()
    for start in range(len(words) - RUN + 1):
        run = " ".join(words[start : start + RUN])
        if f" {run} " in source:
            yield run


def as_stated(statement: Statement) -> tuple[str, str, str, bool]:
    if isinstance(statement, CuratedAction):
        return statement.product, FLAT_PREDICATES[statement.type], statement.agency, False
    return statement.subject, statement.predicate, statement.object, statement.negated


def agrees(row: Row, statement: Statement) -> bool:
    """Whether a statement is the row's; a row without identifier leaves it to us."""
    subject, predicate, object_, negated = as_stated(statement)
    return (
        row["subject_id"] in ("", subject)
        and row["predicate"] == predicate
        and row["object_id"] in ("", object_)
        and (row["negated"] == "true") == negated
    )


def the_curated(rows: Mapping[str, Row]) -> Iterator[tuple[str, Row]]:
    return ((origin, row) for origin, row in rows.items() if origin.startswith("curated:"))


def test_every_starting_row_is_encoded_or_named_as_left_out(
    starting_rows: Mapping[str, Row], encoded: Encoded
) -> None:
    left_out = {
        each["origin"]
        for path in content_directory().glob("curated/*.yaml")
        for each in yaml.safe_load(path.read_text(encoding="utf-8")).get("not_encoded", ())
    }

    assert len(starting_rows) == 471
    assert sorted(set(starting_rows) - set(encoded) - left_out) == []
    assert {each for each in encoded if each.startswith(("curated:", "seed:"))} <= set(starting_rows)


def test_what_differs_from_its_row_is_explained_in_the_log(
    starting_rows: Mapping[str, Row], encoded: Encoded, logged: frozenset[str]
) -> None:
    different = [
        origin
        for origin, row in the_curated(starting_rows)
        if not any(agrees(row, statement) for statement, _ in encoded[origin])
    ]

    assert [origin for origin in different if origin not in logged] == []


def test_no_summary_copies_the_words_of_its_source(
    starting_rows: Mapping[str, Row], encoded: Encoded
) -> None:
    copied = [
        (origin, run)
        for origin, row in the_curated(starting_rows)
        for _, evidence in encoded[origin]
        for text in (evidence.summary, evidence.effect or "", evidence.comparator or "")
        for run in copied_runs(text, row["support_snippet"])
    ]

    assert copied == []


def test_no_scope_copies_the_words_of_its_source(starting_rows: Mapping[str, Row], encoded: Encoded) -> None:
    copied = [
        (origin, name, run)
        for origin, row in the_curated(starting_rows)
        for statement, _ in encoded[origin]
        if isinstance(statement, CuratedAssociation)
        for name, value in statement.qualifiers.items()
        if isinstance(value, str)
        for run in copied_runs(value, row["support_snippet"])
    ]

    assert copied == []


def test_every_number_of_a_summary_comes_from_its_source(
    starting_rows: Mapping[str, Row], encoded: Encoded
) -> None:
    unfounded: list[tuple[str, set[str]]] = []
    for origin, row in the_curated(starting_rows):
        number = int(origin.removeprefix("curated:"))
        for statement, evidence in encoded[origin]:
            if not is_from_the_row(evidence, row):
                continue
            scope = str(statement.qualifiers) if isinstance(statement, CuratedAssociation) else ""
            known = numbers_known_from(" ".join(row.values())) | numbers_known_from(scope)
            strange = numbers_in(evidence.summary) - known - READ_BEYOND_THE_SNIPPET.get(number, frozenset())
            if strange:
                unfounded.append((origin, strange))

    assert unfounded == []


def is_from_the_row(evidence: CuratedEvidence, row: Row) -> bool:
    """Whether evidence rests on the row's source, and not on a second one that we found."""
    tail = evidence.reference.rstrip("/").removeprefix("http://").removeprefix("https://")
    return (tail.split(":", 1)[-1] if ":" in tail[:16] else tail) in row["source"]


def test_no_number_of_a_row_is_lost(
    starting_rows: Mapping[str, Row], encoded: Encoded, logged: frozenset[str]
) -> None:
    of_product: dict[str, set[str]] = defaultdict(set)
    for pairs in encoded.values():
        for statement, _ in pairs:
            if isinstance(statement, CuratedAction):
                of_product[statement.product] |= numbers_known_from(
                    f"{statement.date} {statement.date_not_after}"
                )

    lost: list[tuple[str, set[str]]] = []
    for origin, row in the_curated(starting_rows):
        kept: set[str] = set()
        for statement, evidence in encoded[origin]:
            kept |= numbers_known_from(repr(statement)) | numbers_known_from(repr(evidence))
            kept |= of_product.get(as_stated(statement)[0], set())
        missing = numbers_in(row["qualifiers"]) - kept
        if missing and origin not in logged:
            lost.append((origin, missing))

    assert lost == []


def test_the_founding_article_is_quoted_by_the_sentence_of_each_row(
    starting_rows: Mapping[str, Row], encoded: Encoded
) -> None:
    wrong = [
        origin
        for origin, row in starting_rows.items()
        if origin.startswith("seed:")
        for statement, evidence in encoded.get(origin, ())
        if isinstance(statement, CuratedAssociation)
        if evidence.quote != row["sentence_text"] or statement.qualifiers.get("hedge") != row["certainty"]
    ]

    assert wrong == []
