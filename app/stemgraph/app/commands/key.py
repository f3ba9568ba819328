"""``stemgraph key``: give out keys for writing, list them, and take them back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, get_args

import typer

from stemgraph.app.access.key_file import KeyFile
from stemgraph.app.access.scopes import SCOPES, ScopeName, including
from stemgraph.app.commands.console import TableFormat, print_rows, say
from stemgraph.app.commands.data_directory import DataOption, default_data_directory
from stemgraph.graph.errors import BadRequestError

key = typer.Typer(
    name="key", no_args_is_help=True, help="Give out keys for writing, list them, and take them back."
)

_UNITS: Final = {"d": "days", "h": "hours", "m": "minutes"}
_LONGEST_LABEL: Final = 200


@key.command()
def create(
    scope: Annotated[
        list[str],
        typer.Option(
            metavar="SCOPE", help=f"What it allows, each including those before it: {', '.join(SCOPES)}."
        ),
    ],
    label: Annotated[str, typer.Option(metavar="TEXT", help="For whom or what it is.")] = "",
    expires: Annotated[
        str,
        typer.Option(metavar="WHEN", help="After how long (90d, 12h), on what day (2027-01-31), or never."),
    ] = "90d",
    data: DataOption = None,
) -> None:
    """Make a key and print it. It is shown this once: only its hash is kept.

    Nothing but the key goes to standard output, so that a script can take it. A service
    that runs knows it at once.

    * `stemgraph key create --scope write --label "Curation team"`
    * `stemgraph key create --scope update --expires 12h --label "Nightly import"`
    """
    unknown = [each for each in scope if each not in SCOPES]
    if unknown:
        raise BadRequestError(
            f"'{unknown[0]}' is not a scope",
            place="--scope",
            mend=f"use one of {', '.join(get_args(ScopeName))}",
        )
    if len(label) > _LONGEST_LABEL or not label.isprintable():
        raise BadRequestError("it is not one short line", place="--label", mend="say it in 200 characters")
    made, text = _keys(data).create(label, frozenset(scope), read_expiry(expires, datetime.now(UTC)))
    typer.echo(text)
    until = "for ever" if made.expires is None else f"until {made.expires:%Y-%m-%d %H:%M} UTC"
    say(f"key {made.id} allows {', '.join(sorted(including(made.scopes)))} {until}; it is not shown again")


@key.command(name="list")
def list_keys(
    data: DataOption = None,
    chosen: Annotated[TableFormat, typer.Option("--format", help="How to print.")] = TableFormat.TABLE,
) -> None:
    """List the keys, the oldest first; none of them can be read again.

    * `stemgraph key list`
    * `stemgraph key list --format json`
    """
    now = datetime.now(UTC)
    rows = [
        (
            each.id,
            each.label,
            " ".join(sorted(each.scopes)),
            each.state(now),
            each.created.isoformat(),
            each.expires.isoformat() if each.expires else "",
            each.revoked.isoformat() if each.revoked else "",
        )
        for each in _keys(data).keys().values()
    ]
    print_rows(("id", "label", "scopes", "state", "created", "expires", "revoked"), rows, chosen)


@key.command()
def revoke(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="The id, as `stemgraph key list` shows it.")
    ],
    data: DataOption = None,
) -> None:
    """Take a key back: a running service refuses it from its next request on.

    * `stemgraph key revoke 0123456789ab`
    """
    revoked = _keys(data).revoke(identifier)
    say(f"key {revoked.id} is revoked since {revoked.revoked:%Y-%m-%d %H:%M} UTC")


def read_expiry(text: str, now: datetime) -> datetime | None:
    """The moment at which a key made now expires; None for never.

    Raises:
        BadRequestError: It is no duration, day or moment, or one that has passed.
    """
    if text == "never":
        return None
    found = re.fullmatch(r"(\d{1,5})([dhm])", text)
    try:
        if found:
            moment = (now + timedelta(**{_UNITS[found[2]]: int(found[1])})).replace(microsecond=0)
        else:
            moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRequestError(
            f"'{text[:100]}' is no time", place="--expires", mend="say 90d, 12h, 2027-01-31 or never"
        ) from error
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment <= now:
        raise BadRequestError(f"'{text[:100]}' has passed", place="--expires", mend="name a later time")
    return moment


def _keys(data: DataOption) -> KeyFile:
    return KeyFile.of_data(data or default_data_directory())
