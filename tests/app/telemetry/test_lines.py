from __future__ import annotations

import io
import logging

import pytest
from tests.app.telemetry.conftest import Lines

from stemgraph.app.telemetry.lines import LineFormatter, configure_logging


def line(form: str, message: str, **fields: object) -> str:
    record = logging.LogRecord("uvicorn.error", logging.WARNING, "", 0, message, (), None)
    if fields:
        record.fields = fields
    return LineFormatter(form).format(record)  # type: ignore[arg-type]


def test_a_line_of_any_library_is_one_json_object(lines: Lines) -> None:
    logging.getLogger("some.library").warning("it is %s", "late")
    (found,) = lines()
    assert found["event"] == "it is late"
    assert found["logger"] == "some.library"
    assert found["level"] == "warning"
    assert found["time"].endswith("Z")


def test_what_is_below_the_level_is_not_said(lines: Lines) -> None:
    logging.getLogger("some.library").info("nothing of note")
    assert lines() == []


def test_a_console_line_shows_the_same_fields() -> None:
    shown = line("console", "it failed", status=500)
    assert "it failed" in shown
    assert "status=500" in shown
    assert "\x1b" not in shown


def test_a_failure_is_told_with_its_traceback_and_no_values_of_variables(lines: Lines) -> None:
    def fail(password: str) -> None:
        raise ValueError("cannot be done")

    try:
        fail("open sesame")
    except ValueError:
        logging.getLogger("stemgraph.app").exception("it failed")
    (found,) = lines()
    assert "ValueError: cannot be done" in found["exception"]
    assert "open sesame" not in str(found["exception"].replace('fail("open sesame")', ""))


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize(
    "secret",
    [
        "sg_0123456789ab_" + "x" * 43,
        "Authorization: Bearer eyJhbGciOi.J9-x_y/z+==",
        "authorization=basic dXNlcjpwYXNz",
    ],
)
def test_secrets_are_struck_out(form: str, secret: str) -> None:
    shown = line(form, f"it was asked with {secret}", header=secret)
    assert secret.rsplit(maxsplit=1)[-1] not in shown
    assert secret[-8:] not in shown


def test_a_line_break_in_what_a_stranger_sent_does_not_make_a_line() -> None:
    assert len(line("json", "no route", path="/a\n{}").splitlines()) == 1


def test_a_stream_that_is_no_terminal_gets_no_colours() -> None:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("console", "info", stream=stream)
    logging.getLogger("some.library").info("plain")
    root.handlers, root.level = before
    assert "plain" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()
