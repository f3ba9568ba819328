from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from stemgraph.app import Settings


def test_each_setting_is_documented() -> None:
    undocumented = [name for name, field in Settings.model_fields.items() if not field.description]
    assert undocumented == []


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEMGRAPH_PORT", "9000")
    monkeypatch.setenv("STEMGRAPH_DATA", "/somewhere")
    settings = Settings()
    assert settings.port == 9000
    assert settings.data == Path("/somewhere")


def test_the_default_listens_on_this_machine_only() -> None:
    assert Settings().host == "127.0.0.1"


def test_a_misspelt_setting_is_refused() -> None:
    with pytest.raises(ValidationError, match="prot"):
        Settings(prot=1)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1
