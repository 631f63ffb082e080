"""``ivr versions``: which configuration was live when, by whom and why."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime

from ivr.cli import Refusal, app
from ivr.cli.hotline import settings
from ivr.cli.language import say, spoken
from ivr.cli.listing import Format, FormatOption, headings, print_json, print_table
from ivr.golive.versions import Change, Versions
from ivr.messages import Message, told


@app.command()
def versions(form: FormatOption = Format.TABLE) -> None:
    """List the changes of the configuration. The newest first; `ivr rollback VERSION` goes back to one."""
    try:
        changes = Versions(settings().state, time.time).changes()[::-1]
    except OSError as error:
        raise Refusal(Message("versions-unreadable", why=str(error.strerror))) from None
    if form is Format.JSON:
        print_json([asdict(change) for change in changes])
        return
    if not changes:
        say(Message("versions-none"))
        return
    print_table(headings("version", "since", "by", "why"), [_row(change) for change in changes])


def _row(change: Change) -> tuple[str, ...]:
    since = datetime.fromtimestamp(change.at, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return (
        change.version,
        since if change.live else told(Message("version-put-aside"), spoken()),
        change.who,
        change.why,
    )
