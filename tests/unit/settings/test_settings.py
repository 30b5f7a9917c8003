"""What the environment says, and what it means when it says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.errors import ConfigError
from exchange.model.folders import Home
from exchange.settings import find_connection, read_connections, read_language, read_settings
from exchange.text import Language


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "ZH_cn"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"HUB_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "en"),
        ({"HUB_LANG": "zh", "LC_ALL": "C"}, "zh"),
        ({"HUB_LANG": "", "LANG": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_the_language_follows_the_locale_unless_it_is_chosen(environ: dict[str, str], language: str) -> None:
    assert read_language(environ) is Language(language)


@pytest.mark.parametrize("chosen", ["fr", "ZH", "zh_CN"])
def test_another_language_is_refused(chosen: str) -> None:
    with pytest.raises(ConfigError, match=chosen):
        read_language({"HUB_LANG": chosen})


def test_the_home_is_named_or_in_the_environment_or_var_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_settings(Path("named"), {"HUB_HOME": "/elsewhere"}).home == Home(tmp_path / "named")
    assert read_settings(None, {"HUB_HOME": "from-env"}).home == Home(tmp_path / "from-env")
    assert read_settings(None, {"HUB_HOME": ""}).home == Home(tmp_path / "var" / "hub")
    assert read_settings(None, {"AIRFLOW_HOME": "/opt/hub"}).home == Home(Path("/opt/hub/var/hub"))


def test_the_ledger_lies_in_the_home_unless_a_database_is_named(tmp_path: Path) -> None:
    assert read_settings(tmp_path, {}).ledger_url == f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    assert read_settings(tmp_path, {"HUB_LEDGER_URL": "postgresql+psycopg://x"}).ledger_url == "postgresql+psycopg://x"


CONNECTIONS = """\
nj-rs:
  conn_type: sftp
  host: 127.0.0.1
  port: 2222
  login: hub
  password: s3cret-p4ss
  extra: {host_key: "ssh-ed25519 AAAA", key_file: secrets/key}
plain: {host: h, login: l}
"""


def home(tmp_path: Path, content: str) -> Home:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "connections.yaml").write_text(content)
    return Home(tmp_path)


def test_connections_come_from_the_secrets_file(tmp_path: Path) -> None:
    found = read_connections(home(tmp_path, CONNECTIONS))
    assert sorted(found) == ["nj-rs", "plain"]
    assert (found["nj-rs"].port, found["nj-rs"].password, found["nj-rs"].key_file) == (
        2222,
        "s3cret-p4ss",
        Path("secrets/key"),
    )
    assert (found["plain"].port, found["plain"].password, found["plain"].host_key) == (22, None, None)


def test_no_secret_shows_in_what_is_logged_of_a_connection(tmp_path: Path) -> None:
    connection = find_connection(home(tmp_path, CONNECTIONS), "nj-rs")
    assert "s3cret-p4ss" not in f"{connection!r} {connection}"
    assert "nj-rs" in repr(connection)


def test_a_site_without_the_file_has_no_connections(tmp_path: Path) -> None:
    assert read_connections(Home(tmp_path)) == {}
    with pytest.raises(ConfigError, match="nj-rs"):
        find_connection(Home(tmp_path), "nj-rs")


@pytest.mark.parametrize(
    "entry", ["x: {host: h, password: s3cret}", "x: s3cret", "x: {host: h, login: l, port: s3cret}"]
)
def test_an_incomplete_connection_is_named_without_what_stands_in_it(tmp_path: Path, entry: str) -> None:
    with pytest.raises(ConfigError, match="x") as caught:
        read_connections(home(tmp_path, entry))
    assert "s3cret" not in str(caught.value)
