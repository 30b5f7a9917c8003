"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import typer
from typer.core import TyperCommand

from exchange.speech import Speech

Command = type[TyperCommand]
"""The class of a command: one that speaks the user's language."""


class OutputFormat(StrEnum):
    """For people, or for machines."""

    TEXT = "text"
    JSON = "json"


class TableFormat(StrEnum):
    """How the rows of a query are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def home_option(speech: Speech) -> Any:  # noqa: ANN401 - as typer.Option itself
    """`--home`: the site's folder."""
    words = speech.word(
        "站点目录；默认取环境变量 HUB_HOME，再默认 var/hub。", "The site's folder; $HUB_HOME, then var/hub."
    )
    return typer.Option(None, "--home", help=words, show_default=False)


def format_option(speech: Speech) -> Any:  # noqa: ANN401 - as typer.Option itself
    """`--format`: for people or for machines."""
    words = speech.word("输出格式：text 供人阅读，json 供程序读取。", "text for people, json for machines.")
    return typer.Option(OutputFormat.TEXT, "--format", help=words)


def node_option(speech: Speech) -> Any:  # noqa: ANN401 - as typer.Option itself
    """`--node`: the node whose store is looked at."""
    words = speech.word("哪个节点；默认最高一级", "Which node; the topmost unless told")
    return typer.Option("", "--node", help=words, show_default=False)
