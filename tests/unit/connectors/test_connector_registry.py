"""Settings are held against their declaration, and nothing heavy is loaded before it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from connectors.registry import check_settings, open_source
from exchange.errors import ConfigError
from exchange.model.connection import Connection

FOLDER = {"kind": "dropfolder", "path": "drop"}


def no_connection(name: str) -> Connection:
    raise AssertionError(name)


@pytest.mark.parametrize(
    "settings",
    [
        FOLDER,
        {**FOLDER, "ready": "marker", "marker": ".done", "quiet_seconds": 1},
        {"kind": "sftp", "connection": "民政", "path": "out", "remove_after_fetch": True},
    ],
)
def test_sound_settings_have_no_mistakes(settings: dict[str, Any]) -> None:
    assert check_settings(settings) == []


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, ["kind"]),
        ({"kind": "ftp"}, ["ftp"]),
        ({"kind": ["sftp"]}, ["sftp"]),
        ({"kind": "dropfolder"}, ["path"]),
        ({**FOLDER, "paht": "x", "ready": "soon", "quiet_seconds": "2"}, ["paht", "ready", "quiet_seconds"]),
        ({**FOLDER, "quiet_seconds": True}, ["quiet_seconds"]),
        ({**FOLDER, "quiet_seconds": -1}, ["quiet_seconds"]),
        ({**FOLDER, "marker": " "}, ["marker"]),
        ({"kind": "sftp", "path": 3, "remove_after_fetch": "yes"}, ["connection", "path", "remove_after_fetch"]),
    ],
)
def test_every_mistake_is_told_in_both_languages(settings: dict[str, Any], named: list[str]) -> None:
    mistakes = check_settings(settings)
    for name in named:
        if name == "kind":
            assert any("连接方式" in text.zh for text in mistakes)
        else:
            assert any(name in text.zh and name in text.en for text in mistakes)
    if settings.get("kind") in ("dropfolder", "sftp"):
        assert len(mistakes) == len(named)


def test_wrong_settings_open_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        open_source({**FOLDER, "paht": "x", "ready": "soon"}, home=tmp_path, connection=no_connection)
    assert "paht" in raised.value.text.zh
    assert "ready" in raised.value.text.en


def test_paramiko_is_not_loaded_for_a_drop_folder(tmp_path: Path) -> None:
    (tmp_path / "drop").mkdir()
    program = f"""
import sys
from pathlib import Path
from connectors import registry
registry.check_settings({{"kind": "sftp", "connection": "a"}})
with registry.open_source({FOLDER!r}, home=Path({str(tmp_path)!r}), connection=None) as source:
    assert list(source.offers()) == []
heavy = {{"paramiko", "python_calamine", "openpyxl", "duckdb", "pyarrow"}} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", program], check=True)
