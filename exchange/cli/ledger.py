"""`hub ledger …`: the record of what was done."""

from pathlib import Path

import typer
from typer.core import TyperGroup

from exchange.cli.options import Command, OutputFormat, format_option, home_option
from exchange.settings import read_settings
from exchange.speech import Speech
from exchange.wiring import open_hub


def group(speech: Speech, group_class: type[TyperGroup], command: Command) -> typer.Typer:
    """The group of commands."""
    app = typer.Typer(cls=group_class, help=speech.word("台账。", "The ledger."), no_args_is_help=True)
    home_at, format_at = home_option(speech), format_option(speech)

    @app.callback()
    def ledger() -> None:
        """Keep `verify` a subcommand while it is the only one."""

    @app.command(
        "verify",
        cls=command,
        help=speech.word(
            "核验台账的散列链，任何改动都会被发现。完好时返回 0。",
            "Verify the hash chain; any edit is found. Exit 0 when whole.",
        ),
    )
    def verify(home: Path | None = home_at, output: OutputFormat = format_at) -> int:
        with open_hub(read_settings(home)) as hub:
            found = [(node, hub.workplace(node.code).ledger) for node in hub.site.nodes]
            rows = [(node, ledger.head(), list(ledger.verify())) for node, ledger in found]
        if output is OutputFormat.JSON:
            for node, entries, breaks in rows:
                speech.json({"node": node.code, "entries": entries, "broken": breaks})
        else:
            word = speech.word
            speech.table(
                word("台账核验", "Ledger"),
                [word("节点", "node"), word("条目", "entries"), word("结果", "outcome")],
                [
                    [
                        f"{node.name} {node.code}",
                        entries,
                        word("完好", "whole")
                        if not breaks
                        else word(f"第 {breaks[0]} 条起被改动", f"changed at entry {breaks[0]}"),
                    ]
                    for node, entries, breaks in rows
                ],
            )
        return 1 if any(breaks for _, _, breaks in rows) else 0

    return app
