"""What stands of evidence that other evidence supersedes or retracts."""

from __future__ import annotations

from stemgraph.ontology.standing import CURRENT, RETRACTED, SUPERSEDED, WEAKENED, Piece, Standing

TRIAL = Piece("sge:trial", "PMID:1", "supports")
REVIEW = Piece("sge:review", "PMID:2", "partial")


def notice(*targets: str, name: str = "notice", retracted: bool = False) -> Piece:
    return Piece(f"sge:{name}", f"PMID:{name}", "refutes", retracted=retracted, retracts=targets)


def later(*targets: str, name: str = "later") -> Piece:
    return Piece(f"sge:{name}", f"PMID:{name}", "supports", supersedes=targets)


def test_evidence_of_which_nothing_is_said_stands() -> None:
    standing = Standing.of([TRIAL, REVIEW])
    assert standing.retracted_by == {}
    assert standing.superseded_by == {}
    assert standing.of_statement([TRIAL, REVIEW]) == CURRENT


def test_a_retraction_names_evidence_by_its_curie_or_by_its_reference() -> None:
    for target in ("sge:trial", "PMID:1"):
        standing = Standing.of([TRIAL, REVIEW, notice(target)])
        assert standing.retracted_by == {"sge:trial": ("sge:notice",)}


def test_every_piece_with_a_retracted_reference_is_retracted() -> None:
    again = Piece("sge:again", "PMID:1", "supports")
    assert set(Standing.of([TRIAL, again, notice("PMID:1")]).retracted_by) == {"sge:trial", "sge:again"}


def test_evidence_marked_as_retracted_needs_no_notice() -> None:
    standing = Standing.of([Piece("sge:trial", "PMID:1", "supports", retracted=True)])
    assert standing.retracted_by == {"sge:trial": ()}


def test_a_notice_under_the_reference_that_it_retracts_stands_itself() -> None:
    own = Piece("sge:notice", "PMID:1", "refutes", retracts=("PMID:1",))
    assert set(Standing.of([TRIAL, own]).retracted_by) == set()
    named = Piece("sge:notice", "PMID:1", "refutes", retracts=("sge:trial",))
    assert set(Standing.of([TRIAL, named]).retracted_by) == {"sge:trial"}


def test_what_retracted_evidence_said_of_other_evidence_does_not_count() -> None:
    standing = Standing.of([TRIAL, notice("sge:trial"), notice("sge:notice", name="second")])
    assert set(standing.retracted_by) == {"sge:notice"}
    withdrawn = Piece("sge:later", "PMID:later", "supports", retracted=True, supersedes=("sge:trial",))
    assert Standing.of([TRIAL, withdrawn]).superseded_by == {}


def test_two_pieces_that_retract_each_other_both_stand() -> None:
    pieces = [notice("sge:b", name="a"), notice("sge:a", name="b")]
    assert Standing.of(pieces).retracted_by == {}


def test_a_statement_is_weakened_while_some_of_its_evidence_stands() -> None:
    standing = Standing.of([TRIAL, REVIEW, notice("sge:trial")])
    assert standing.of_statement([TRIAL, REVIEW]) == WEAKENED
    assert standing.of_statement([TRIAL]) == RETRACTED
    assert standing.of_statement([REVIEW]) == CURRENT


def test_superseded_evidence_leaves_a_superseded_statement() -> None:
    standing = Standing.of([TRIAL, later("PMID:1")])
    assert standing.superseded_by == {"sge:trial": ("sge:later",)}
    assert standing.of_statement([TRIAL]) == SUPERSEDED


def test_what_a_statement_s_own_newer_evidence_supersedes_is_no_loss_to_it() -> None:
    newer = later("PMID:1")
    assert Standing.of([TRIAL, newer]).of_statement([TRIAL, newer]) == CURRENT


def test_evidence_against_a_statement_does_not_hold_it_up() -> None:
    against = Piece("sge:against", "PMID:3", "refutes")
    standing = Standing.of([TRIAL, against, notice("sge:trial")])
    assert standing.of_statement([TRIAL, against]) == RETRACTED
