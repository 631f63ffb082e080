"""``ivr emergency``: close a queue, send it elsewhere, or announce something to all, at once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from ivr.cli import app
from ivr.cli.hotline import asked
from ivr.cli.language import spoken
from ivr.cli.listing import Format, FormatOption, headings, print_json, print_table
from ivr.cli.until import until as read_until
from ivr.desk.client import segment
from ivr.messages import Message

group = typer.Typer(
    no_args_is_help=True, help="Emergency measures. Close a queue, send it elsewhere, announce to all, at once."
)
app.add_typer(group, name="emergency")

QueueName = Annotated[str, typer.Argument(metavar="QUEUE", help="a queue of queues.yaml")]
Until = Annotated[
    str, typer.Option(metavar="TIME", help="18:00, '2026-11-25 18:00', 90m, 2h; it ends by itself, in 31 days at most")
]
Why = Annotated[str, typer.Option(metavar="TEXT", help="why, for your colleagues")]

_PATH, _ANNOUNCEMENT = "/api/v1/emergency", "/api/v1/announcement"


@group.command()
def close(queue: QueueName, until: Until, why: Why) -> None:
    """Close a queue now. Who comes and who waits goes on as when it is closed by its hours."""
    answer = _order({"queue": queue, "until": _until(until), "why": why})
    typer.echo(Message("emergency-closed", queue=queue, until=_local(answer["until"])).told(spoken()))


@group.command()
def send(
    queue: QueueName,
    to: Annotated[str, typer.Option(metavar="QUEUE", help="the queue that takes its calls")],
    until: Until,
    why: Why,
) -> None:
    """Send a queue's calls to another now. Who waits keeps the time waited."""
    answer = _order({"queue": queue, "to": to, "until": _until(until), "why": why})
    typer.echo(Message("emergency-sent", queue=queue, to=to, until=_local(answer["until"])).told(spoken()))


@group.command()
def announce(
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="a prompt that every language has a sound for")],
    until: Until,
    why: Why,
) -> None:
    """Let every caller hear a prompt after the greeting. From the calls that begin now."""
    body = {"prompt": prompt, "until": _until(until), "why": why}
    answer = asked(lambda hotline: hotline.post(_ANNOUNCEMENT, body))
    typer.echo(Message("emergency-announced", prompt=prompt, until=_local(answer["until"])).told(spoken()))


@group.command("end-announcement")
def end_announcement() -> None:
    """End the announcement for all. Calls that begin now hear it no more."""
    asked(lambda hotline: hotline.delete(_ANNOUNCEMENT))
    typer.echo(Message("announcement-ended").told(spoken()))


@group.command("list")
def list_(form: FormatOption = Format.TABLE) -> None:
    """List what is in force. Until when, by whom and why."""
    answer = asked(lambda hotline: hotline.get(_PATH))
    measures, announcement = answer["measures"], answer["announcement"]
    if form is Format.JSON:
        print_json(answer)
        return
    if measures:
        print_table(headings("queue", "to", "until", "by", "why"), [_row(each) for each in measures])
    if announcement:
        print_table(headings("prompt", "until", "by", "why"), [_row_announced(announcement)])
    if not measures and not announcement:
        typer.echo(Message("emergency-none").told(spoken()))


@group.command()
def end(queue: QueueName) -> None:
    """End what is in force for a queue. It takes calls again as ever."""
    asked(lambda hotline: hotline.delete(f"{_PATH}/{segment(queue)}"))
    typer.echo(Message("emergency-ended", queue=queue).told(spoken()))


def _order(body: dict[str, str]) -> Any:
    return asked(lambda hotline: hotline.post(_PATH, body))


def _until(written: str) -> str:
    return read_until(written, datetime.now().astimezone()).isoformat()


def _local(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone().isoformat(" ", "minutes")


def _row(measure: dict[str, Any]) -> tuple[str, ...]:
    return measure["queue"], measure["to"] or "—", _local(measure["until"]), measure["by"], measure["why"]


def _row_announced(announcement: dict[str, Any]) -> tuple[str, ...]:
    return announcement["prompt"], _local(announcement["until"]), announcement["by"], announcement["why"]
