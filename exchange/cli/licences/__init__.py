"""`hub licences …`: which claims are one licence. One command a module; each adds itself to the group."""

import typer
from typer.core import TyperGroup

from exchange.cli.licences import decide, decisions, explain, questions, resolve, undo
from exchange.cli.options import Command
from exchange.speech import Speech

_COMMANDS = (resolve, questions, explain, decide, undo, decisions)


def group(speech: Speech, group_class: type[TyperGroup], command: Command) -> typer.Typer:
    """The group of commands."""
    words = speech.word("证照归并：哪些申报是同一个证照。", "Which claims are one licence.")
    app = typer.Typer(cls=group_class, help=words, no_args_is_help=True)
    for each in _COMMANDS:
        each.register(app, speech, command)
    return app
