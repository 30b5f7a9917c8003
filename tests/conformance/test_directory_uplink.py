from __future__ import annotations

import shutil
from pathlib import Path
from typing import Never

import pytest
from uplink_suite import ONE, UplinkSuite

from exchange.uplinks.directory import DirectoryUplink


class TestDirectoryUplink(UplinkSuite):
    @pytest.fixture
    def child(self, tmp_path: Path) -> DirectoryUplink:
        return DirectoryUplink(tmp_path / "uplink")

    @pytest.fixture
    def parent(self, tmp_path: Path) -> DirectoryUplink:
        return DirectoryUplink(tmp_path / "uplink")

    def test_a_copy_that_breaks_off_is_not_seen(
        self, child: DirectoryUplink, package: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(source: str | Path, target: str | Path) -> Never:
            Path(target).write_bytes(Path(source).read_bytes()[:100])
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(shutil, "copyfile", broken)
        with pytest.raises(OSError, match="No space"):
            child.send(ONE, "a.pkg", package)
        monkeypatch.undo()
        assert list(child.waiting(ONE)) == []
        child.send(ONE, "a.pkg", package)
        assert list(child.waiting(ONE)) == ["a.pkg"]
