"""`hub query`: SQL over a node's newest snapshot."""

import csv
import sys
from pathlib import Path
from typing import Annotated

import typer

from exchange.cli.options import Command, TableFormat, home_option
from exchange.errors import ConfigError
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.store.query import Answer, query_snapshot
from exchange.store.snapshot import current_snapshot
from exchange.text import Text
from exchange.wiring import load


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""
    word = speech.word
    home_at = home_option(speech)

    @app.command(
        "query",
        cls=command,
        help=word(
            "在节点的最新快照上执行 SQL（只读）。表名即数据集名，也可用中文视图，如 电子证照。",
            "Run SQL over a node's newest snapshot, read-only. Tables are named after the datasets.",
        ),
    )
    def query(
        sql: Annotated[str, typer.Argument(metavar="SQL", help=word("要执行的语句", "The statement"))],
        home: Path | None = home_at,
        node: Annotated[str, typer.Option(help=word("节点；默认最高一级", "The node; the topmost unless told"))] = "",
        output: Annotated[
            TableFormat, typer.Option("--format", help=word("输出格式", "How to write it"))
        ] = TableFormat.TABLE,
    ) -> None:
        settings = read_settings(home)
        code = node or load(settings)[1].top.code
        snapshot = current_snapshot(settings.home.node(code))
        if snapshot is None:
            raise ConfigError(
                Text(
                    f"节点 {code} 还没有发布快照，请先运行 hub run。",
                    f"Node {code} has published no snapshot yet; hub run.",
                )
            )
        _show(speech, query_snapshot(snapshot, sql), output)


def _show(speech: Speech, answer: Answer, output: TableFormat) -> None:
    if output is TableFormat.JSON:
        for row in answer.rows:
            speech.json(dict(zip(answer.columns, row, strict=True)))
    elif output is TableFormat.CSV:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(answer.columns)
        writer.writerows(answer.rows)
    else:
        speech.table("", answer.columns, answer.rows)
