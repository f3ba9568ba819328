"""The page of the commands, from their own help."""

from __future__ import annotations

import re
from typing import Any, Final

from typer.core import TyperGroup
from typer.main import get_command

from stemgraph.app.commands import application
from stemgraph.app.reference.markdown import code, link, page, table

# Any: typer keeps the classes of commands, contexts and parameters to itself.
Command = Any
Context = Any

_PYTHON_TYPE: Final = re.compile(r"<(?:list\[)?(str|int|float|Path)(?: range)?\]?>")
_NUMBERS: Final = frozenset({"int", "float"})

INTRODUCTION: Final = """\
Written by `make generate` from the commands' own help: `stemgraph COMMAND --help` says the same, and
`python -m stemgraph.app` is the same command. Results go to standard output, progress to standard error. The
exit code is 0 when it is done, 1 when it failed and 2 when it was used wrongly; a failure is one line that
names the place and the mend."""


def commands_page() -> str:
    """The page: all commands in a table, each in a section of its own."""
    root: Command = get_command(application)
    context: Context = root.make_context("stemgraph", [], resilient_parsing=True)
    found = _commands(root, context)
    overview = table(
        ("Command", "What"),
        [(link(code(_path(each)), _path(each)), _first_line(command)) for command, each in found[1:]],
    )
    return page("Commands", INTRODUCTION, overview, *(_section(command, each) for command, each in found))


def _commands(command: Command, context: Context) -> list[tuple[Command, Context]]:
    """A command and those below it, each with its context."""
    found = [(command, context)]
    if isinstance(command, TyperGroup):
        for name in command.list_commands(context):
            below: Command = command.get_command(context, name)
            if not below.hidden:
                found += _commands(below, below.context_class(below, info_name=name, parent=context))
    return found


def _path(context: Context) -> str:
    return str(context.command_path)


def _first_line(command: Command) -> str:
    return str(command.help or "").partition("\n\n")[0].replace("\n", " ")


def _section(command: Command, context: Context) -> str:
    usage = " ".join([_path(context), *command.collect_usage_pieces(context)])
    parts = [f"## {code(_path(context))}", code(usage), str(command.help or "").strip()]
    parameters = [
        (parameter.param_type_name, record)
        for parameter in command.get_params(context)
        if (record := parameter.get_help_record(context)) is not None and "--help" not in record[0]
    ]
    for kind, title in (("argument", "Argument"), ("option", "Option")):
        rows = [
            (code(_plain(names, kind)), _told(told)) for each, (names, told) in parameters if each == kind
        ]
        if rows:
            parts.append(table((title, "What"), rows))
    return "\n\n".join(part for part in parts if part)


def _plain(names: str, kind: str) -> str:
    """The names of a parameter, with what it takes in words of people instead of Python's."""
    if kind == "argument":
        return names.partition(" <")[0]
    return _PYTHON_TYPE.sub(lambda found: "NUMBER" if found[1] in _NUMBERS else "TEXT", names)


def _told(told: str) -> str:
    """What the help says of a parameter, its default and its bounds as code."""
    text, bracket, extra = told.partition("  [")
    if not bracket:
        return text
    facts = [_fact(each) for each in extra.removesuffix("]").split("; ")]
    return f"{text} ({', '.join(facts)})".strip()


def _fact(fact: str) -> str:
    name, colon, value = fact.partition(": ")
    if colon:
        return f"{name.replace('env var', 'environment')} {code(value)}"
    return fact if fact == "required" else code(fact)
