from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from stemgraph.app import Settings
from stemgraph.app.settings import read_settings
from stemgraph.graph.errors import BadRequestError


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


def test_a_setting_outside_its_range_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEMGRAPH_SPARQL_WORKERS", "0")
    with pytest.raises(BadRequestError) as refusal:
        read_settings()
    assert refusal.value.place == "STEMGRAPH_SPARQL_WORKERS"
    assert refusal.value.mend
