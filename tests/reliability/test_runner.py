"""The service that the scripts start, and how the scripts are found."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.reliability.__main__ import main, scripts
from benchmarks.reliability.service import Service, began, serving


def test_every_script_says_what_it_measures() -> None:
    assert all(script.__doc__ for script in scripts().values())


def test_an_unknown_script_is_told_with_those_that_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "no-such-script"]) == 2
    assert "no script called no-such-script" in capsys.readouterr().err


def test_a_service_answers_on_a_connection_of_its_own(bundled_service: Service) -> None:
    assert bundled_service.request("GET", "/healthz").json() == {"alive": True}
    assert 0 < bundled_service.seconds < 60


def test_a_killed_service_leaves_no_process(filled: Path) -> None:
    with serving(filled) as service:
        processes = service.processes()
        assert len(processes) > 1
        service.kill()
        assert [each for each in processes if began(each)] == []


def test_a_service_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no directory")
    with pytest.raises(RuntimeError, match="data"), serving(tmp_path / "data"):
        pass
