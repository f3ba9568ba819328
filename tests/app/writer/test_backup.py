"""Backups are taken beside a running writer, and restored only whole."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from tests.app.writer.conftest import add, line, writing
from tests.releases import publish, small_quads

from stemgraph.app.writer.backup import Backup, back_up
from stemgraph.app.writer.opening import open_edition
from stemgraph.app.writer.restore import restore
from stemgraph.graph.errors import DataDirectoryError
from stemgraph.graph.journal import NAME, Journal
from stemgraph.graph.state_digest import digest_of_store, digest_text


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A data directory with three edits, and a backup taken after the second, beside the writer."""
    place = tmp_path_factory.mktemp("edited")
    data = place / "data"
    publish(data, small_quads())

    async def work() -> None:
        async with writing(data) as client:
            await add(client, line(1))
            await add(client, line(2))
            await asyncio.to_thread(back_up, data, place / "backup")
            await add(client, line(3))

    asyncio.run(work())
    return data, place / "backup"


@pytest.fixture
def backup(edited: tuple[Path, Path], tmp_path: Path) -> Path:
    """A copy of the backup, to be damaged."""
    shutil.copytree(edited[1], tmp_path / "backup")
    return tmp_path / "backup"


def test_a_backup_restores_the_state_after_its_edit(edited: tuple[Path, Path], tmp_path: Path) -> None:
    held = restore(edited[1], tmp_path / "restored")
    assert held.sequence == 2
    with open_edition(tmp_path / "restored") as graph:
        assert graph.edition.sequence == 2
        assert digest_text(digest_of_store(graph.store.oxigraph)) == held.digest
    entries = list(Journal(edited[0] / NAME).entries())
    assert entries[1].digest == held.digest
    assert list(Journal(tmp_path / "restored" / NAME).entries()) == entries[:2]


def test_a_restored_directory_is_written_on(edited: tuple[Path, Path], tmp_path: Path) -> None:
    restore(edited[1], tmp_path / "restored")

    async def work() -> None:
        async with writing(tmp_path / "restored") as client:
            assert (await add(client, line("another"))).sequence == 3

    asyncio.run(work())


def test_a_directory_without_edits_is_backed_up(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "backup", link=True)
    held = restore(tmp_path / "backup", tmp_path / "restored")
    assert held.sequence == 0
    with open_edition(tmp_path / "restored") as graph:
        assert digest_text(digest_of_store(graph.store.oxigraph)) == held.digest


@pytest.mark.parametrize("name", ["journal.jsonl", "graph.nq.gz", "CURRENT", "current"])
def test_a_changed_file_is_named(backup: Path, tmp_path: Path, name: str) -> None:
    (file,) = (each for each in map(Path, Backup.read(backup).files) if each.name == name)
    content = bytearray((backup / file).read_bytes())
    content[len(content) // 2] ^= 1
    (backup / file).write_bytes(content)
    with pytest.raises(DataDirectoryError, match=f"{name}: is not as it was backed up"):
        restore(backup, tmp_path / "restored")
    assert [each.name for each in tmp_path.iterdir()] == ["backup"]


def test_a_missing_file_is_named(backup: Path, tmp_path: Path) -> None:
    (backup / "journal.jsonl").unlink()
    with pytest.raises(DataDirectoryError, match=r"journal\.jsonl: is missing"):
        restore(backup, tmp_path / "restored")


def test_a_backup_that_names_files_outside_is_refused(backup: Path, tmp_path: Path) -> None:
    manifest = (backup / "backup.json").read_text()
    (backup / "backup.json").write_text(manifest.replace('"journal.jsonl"', '"../journal.jsonl"'))
    with pytest.raises(DataDirectoryError, match="outside"):
        restore(backup, tmp_path / "restored")


def test_another_digest_is_refused(backup: Path, tmp_path: Path) -> None:
    held = Backup.read(backup)
    text = (backup / "backup.json").read_text().replace(held.digest, "0" * 64)
    (backup / "backup.json").write_text(text)
    with pytest.raises(DataDirectoryError, match="does not have the state"):
        restore(backup, tmp_path / "restored")


def test_nothing_is_overwritten(edited: tuple[Path, Path], tmp_path: Path) -> None:
    data, backup = edited
    with pytest.raises(DataDirectoryError, match="is not empty"):
        restore(backup, data)
    with pytest.raises(DataDirectoryError, match="is not empty"):
        back_up(data, backup)
    with pytest.raises(DataDirectoryError, match="holds no backup"):
        restore(tmp_path, tmp_path / "restored")
