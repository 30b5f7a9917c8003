"""`hub rebuild`: a node's store made anew from the files that were kept."""

from pathlib import Path
from typing import Annotated

import typer

from exchange.cli.options import Command, home_option
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.wiring import open_hub, rebuild_store


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""
    word = speech.word
    home_at = home_option(speech)

    @app.command(
        "rebuild",
        cls=command,
        help=word(
            "用保存的文件和数据包重建一个节点的存储；完成后才替换原来的。",
            "Make a node's store anew from the kept files and packages; it takes the old one's place when it is done.",
        ),
    )
    def rebuild(
        node: Annotated[str, typer.Option(help=word("节点代码", "The node's code"))],
        home: Path | None = home_at,
    ) -> None:
        with open_hub(read_settings(home)) as hub, speech.aside.status(word("正在重建…", "Rebuilding…")):
            done = rebuild_store(hub, node)
        records = sum(total.records for total in done.totals)
        speech.tell(
            f"节点 {node} 已重建：重放批次 {done.batches} 个、数据包 {done.packages} 个，现有记录 {records} 条。",
            f"Node {node} is rebuilt from {done.batches} batches and {done.packages} packages: {records} records.",
        )
