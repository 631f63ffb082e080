"""What ``ivr operator`` prints."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address
from typing import Any

from ivr.cli.invocation import ivr_command
from ivr.cli.language import spoken
from ivr.cli.listing import headings, print_table
from ivr.messages import LANGUAGES, Message, told
from ivr.settings import Settings

_PHONE = {True: "phone-registered", False: "phone-not-registered", None: "phone-unknown"}


def phone_settings(settings: Settings, port: int, id: str, language: str = LANGUAGES[0]) -> str:
    """What to enter in a SIP phone, in ``language``; ``port``: where the hotline takes registrations."""
    bind = ip_address(settings.bind)
    if bind.is_unspecified:
        server: str = Message("phone-any-server")
    else:
        server = Message("phone-this-machine", server=str(bind)) if bind.is_loopback else str(bind)
    rows = (
        (Message("phone-server"), server),
        (Message("phone-port"), str(port)),
        (Message("phone-transport"), Message("phone-transports")),
        (Message("phone-user"), id),
        (Message("phone-authentication"), Message("phone-if-asked", id=id)),
        (Message("phone-password"), Message("phone-password-given")),
    )
    named = [(name.told(language), told(value, language)) for name, value in rows]
    width = max(len(name) for name, _ in named)
    lines = [f"  {name:<{width}}  {value}" for name, value in named]
    last = Message("phone-then", command=f"{ivr_command()} operator ready {id}")
    return "\n".join([Message("phone-enter", id=id).told(language), *lines, last.told(language)])


def print_operators(operators: list[dict[str, Any]]) -> None:
    """The operators as a table, from the API's form."""
    columns = headings("id", "name", "state", "reason", "since", "phone", "skills")
    print_table(columns, [_row(each) for each in operators], expendable=("since", "name"))


def _row(operator: dict[str, Any]) -> tuple[str, ...]:
    since = f"{datetime.fromisoformat(operator['since']).astimezone():%Y-%m-%d %H:%M:%S}"
    skills = " ".join(f"{name}={level}" for name, level in sorted(operator["skills"].items()))
    reason = operator["reason"] or operator.get("not_ready_after_call") or ""
    phone = Message(_PHONE[operator["phone_registered"]]).told(spoken())
    return (operator["id"], operator["name"], operator["state"], reason, since, phone, skills)
