"""The kinds of connectors. A kind's module is loaded when a source of that kind is opened, not before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from connectors.declared import mistakes
from exchange.errors import ConfigError
from exchange.model.connection import Connection
from exchange.ports import Source
from exchange.text import Text


class _Kind(NamedTuple):
    """Where a kind keeps its settings and how it is opened, as `module:name`."""

    config: str
    opener: str


_KINDS = {
    "dropfolder": _Kind("connectors.dropfolder.config:DropFolderConfig", "connectors.dropfolder.source:opened"),
    "sftp": _Kind("connectors.sftp.config:SftpConfig", "connectors.sftp.source:opened"),
}


def check_settings(settings: Mapping[str, Any]) -> list[Text]:
    """Every mistake in a source's connector settings; empty when it can be opened."""
    kind = settings.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        choices = ", ".join(_KINDS)
        return [
            Text(
                f"连接方式“{kind}”不认识。可用的有：{choices}。",
                f"The connector kind {kind} is unknown. Known: {choices}.",
            )
        ]
    return mistakes(_load(_KINDS[kind].config), settings)


def open_source(
    settings: Mapping[str, Any], *, home: Path, connection: Callable[[str], Connection]
) -> AbstractContextManager[Source]:
    """The source that the settings describe, open within `with`.

    Relative paths are under `home`; `connection` gives the connection with an id. ConfigError when the settings are
    wrong or sign-in is refused, RetriableError when the other side does not answer.
    """
    if found := check_settings(settings):
        raise ConfigError(Text("".join(text.zh for text in found), " ".join(text.en for text in found)))
    kind = _KINDS[settings["kind"]]
    config = _load(kind.config)(**settings)
    opened: AbstractContextManager[Source] = _load(kind.opener)(config, home=home, connection=connection)
    return opened


def _load(place: str) -> Any:  # noqa: ANN401 - what stands there is the kind's own
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)
