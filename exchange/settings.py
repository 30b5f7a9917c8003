"""The only reader of the environment, and of the site's secrets file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from exchange.errors import ConfigError
from exchange.model.connection import Connection
from exchange.model.folders import Home
from exchange.text import Language, Text

DEFAULT_HOME = Path("var/hub")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says. `ledger_url` is a SQLAlchemy URL; SQLite under the home folder unless set."""

    home: Home
    language: Language
    ledger_url: str


def read_settings(home: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """`HUB_HOME`, `HUB_LANG` and `HUB_LEDGER_URL`; `home` comes before `HUB_HOME`.

    Without either it is `var/hub` under `AIRFLOW_HOME`, or under the current folder.
    """
    environ = os.environ if environ is None else environ
    default = Path(environ.get("AIRFLOW_HOME", "")) / DEFAULT_HOME
    folder = Home((home or Path(environ.get("HUB_HOME") or default)).resolve())
    url = environ.get("HUB_LEDGER_URL") or f"sqlite:///{folder.ledger}"
    return Settings(folder, read_language(environ), url)


def read_language(environ: Mapping[str, str] | None = None) -> Language:
    """`HUB_LANG` (zh or en); without it the locale; English when neither says Chinese."""
    environ = os.environ if environ is None else environ
    chosen = environ.get("HUB_LANG")
    if chosen:
        if chosen not in set(Language):
            raise ConfigError(
                Text(f"HUB_LANG 应为 zh 或 en，而不是 {chosen}。", f"HUB_LANG is zh or en, not {chosen}.")
            )
        return Language(chosen)
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return Language.ZH if locale.lower().startswith("zh") else Language.EN


def read_connections(home: Home) -> dict[str, Connection]:
    """The connections in `secrets/connections.yaml`, by id; none when there is no such file.

    The file has the form of Airflow's local filesystem secrets backend, so that both read the same one.
    """
    path = home.secrets / "connections.yaml"
    if not path.exists():
        return {}
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        named = list(entries.items())
    except (yaml.YAMLError, AttributeError, UnicodeDecodeError):
        # what stands in the file may be a secret: neither it nor the parser's words about it are shown
        raise ConfigError(
            Text(
                f"{path.name} 不是有效的 YAML，或者顶层不是“连接名: 内容”。",
                f"{path.name} is not valid YAML, or does not hold connections by name.",
            )
        ) from None
    return {name: _connection(path, name, entry) for name, entry in named}


def find_connection(home: Home, name: str) -> Connection:
    """One connection of the secrets file; ConfigError when it is not there."""
    connections = read_connections(home)
    if name not in connections:
        raise ConfigError(
            Text(
                f"没有名为“{name}”的连接。请在 secrets/connections.yaml 或 Airflow 连接中添加。",
                f"There is no connection named {name}. Add it to secrets/connections.yaml or to Airflow's connections.",
            )
        )
    return connections[name]


def _connection(path: Path, name: str, entry: Any) -> Connection:  # noqa: ANN401 - whatever stands in the file
    try:
        extra = entry.get("extra") or {}
        key_file = extra.get("key_file")
        return Connection(
            id=name,
            host=entry["host"],
            port=int(entry.get("port") or 22),
            login=entry["login"],
            password=entry.get("password"),
            key_file=Path(key_file) if key_file else None,
            host_key=extra.get("host_key"),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        # what stands in the file may be a secret: it is not shown
        raise ConfigError(
            Text(
                f"{path.name} 中的连接“{name}”不完整：需要 host、port、login。",
                f"The connection {name} in {path.name} is not complete: it needs host, port and login.",
            )
        ) from error
