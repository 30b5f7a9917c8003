"""The drop folder as a source."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from source_suite import SourceSuite, drop, offered, withheld

from connectors.registry import open_source
from exchange.model.connection import Connection
from exchange.ports import Source


def no_connection(name: str) -> Connection:
    raise AssertionError(f"a drop folder asks for no connection, least of all {name}")


class TestDropFolder(SourceSuite):
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "drop" / "民政局"
        folder.mkdir(parents=True)
        return folder

    def open(self, folder: Path, **settings: object) -> AbstractContextManager[Source]:
        home = folder.parents[1]
        path = str(folder.relative_to(home))
        return open_source({"kind": "dropfolder", "path": path, **settings}, home=home, connection=no_connection)

    def test_an_absolute_path_is_taken_as_it_is(self, folder: Path, tmp_path: Path) -> None:
        drop(folder, "a.csv")
        settings = {"kind": "dropfolder", "path": str(folder)}
        with open_source(settings, home=tmp_path / "elsewhere", connection=no_connection) as source:
            assert offered(source) == ["a.csv"]

    def test_a_pipe_is_withheld(self, folder: Path) -> None:
        os.mkfifo(folder / "pipe.csv")
        with self.open(folder) as source:
            assert list(withheld(source)) == ["pipe.csv"]
