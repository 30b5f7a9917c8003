"""`hub demo`: a site to try things on."""

from pathlib import Path
from typing import Annotated

import typer

from exchange.cli.options import Command
from exchange.demo import make_demo
from exchange.speech import Speech


def register(app: typer.Typer, speech: Speech, command: Command) -> None:
    """Add the command."""

    @app.command(
        "demo",
        cls=command,
        help=speech.word(
            "在目录下生成演示站点：配置、各部门的文件与系统，以及应得的结果（truth）。",
            "Make a demo site: configuration, the departments' files and systems, and what must come out.",
        ),
    )
    def demo(
        folder: Annotated[
            Path, typer.Argument(metavar="DIR", help=speech.word("新的站点目录", "The new site's folder"))
        ],
        cases: Annotated[int, typer.Option(min=1, help=speech.word("办件数量", "How many cases"))] = 20_000,
        seed: Annotated[int, typer.Option(help=speech.word("随机种子：相同则内容相同", "Same seed, same content"))] = 1,
    ) -> None:
        with speech.aside.status(speech.word("正在生成演示数据…", "Making the demo's data…")):
            make_demo(folder, cases=cases, seed=seed)
        speech.tell(f"演示站点已生成：{folder}", f"The demo site is made: {folder}")
        speech.tell(f"下一步：hub run --home {folder}", f"Next: hub run --home {folder}")
