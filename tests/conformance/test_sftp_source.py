"""The SFTP source against the hub's own server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sftp_suite import SftpSuite, make_key, sftp_source
from source_suite import drop, offered

from exchange.endpoints.sftp_server import Account, SftpServer
from exchange.model.connection import Connection


class TestSftp(SftpSuite):
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        folder = tmp_path / "account" / "办件"
        folder.mkdir(parents=True)
        return folder

    def path(self, folder: Path) -> str:
        return folder.name

    @pytest.fixture(autouse=True)
    def connection(self, tmp_path: Path, folder: Path) -> Iterator[Connection]:
        public = make_key(tmp_path / "client-key")
        account = Account(folder.parent, password="对的口令", public_key=public)
        with SftpServer({"minzheng": account}, tmp_path / "host-key") as server:
            yield Connection("民政", "127.0.0.1", server.port, "minzheng", "对的口令", host_key=server.host_key)

    def test_a_wrong_password_is_for_a_person_to_mend(self, folder: Path) -> None:
        error = self.refusal(replace(self.signed, password="wrong"), folder)
        assert "拒绝登录" in error.text.zh
        assert "wrong" not in str(error)

    def test_a_key_file_signs_in(self, folder: Path, tmp_path: Path) -> None:
        drop(folder, "a.csv")
        by_key = replace(self.signed, password=None, key_file=tmp_path / "client-key")
        with sftp_source(by_key, self.path(folder)) as source:
            assert offered(source) == ["a.csv"]
