"""What ``ivr operator`` prints."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address
from typing import Any

from rich.table import Table

from ivr.cli.invocation import ivr_command
from ivr.settings import Settings

_PHONE = {True: "registered", False: "not registered", None: "unknown"}


def phone_settings(settings: Settings, port: int, id: str) -> str:
    """What to enter in a SIP phone; ``port``: where the hotline takes registrations."""
    bind = ip_address(settings.bind)
    if bind.is_unspecified:
        server, hint = "this machine's address", "as the phone reaches it"
    else:
        server, hint = str(bind), "a phone on this machine" if bind.is_loopback else ""
    rows = (
        ("Server (domain)", f"{server}{f'   ({hint})' if hint else ''}"),
        ("Port", str(port)),
        ("Transport", "UDP or TCP"),
        ("User name", id),
        ("Authentication name", f"{id}   (if the phone asks for one)"),
        ("Password", "the one that you gave just now"),
    )
    lines = [f"Operator {id} is added. Enter in their SIP phone:", *(f"  {name:<20} {value}" for name, value in rows)]
    return "\n".join([*lines, f"Then let them take calls: {ivr_command()} operator ready {id}"])


def operator_table(operators: list[dict[str, Any]]) -> Table:
    """The operators as a table, from the API's form."""
    table = Table("id", "name", "state", "reason", "since", "phone", "skills")
    for each in operators:
        table.add_row(*_row(each))
    return table


def _row(operator: dict[str, Any]) -> tuple[str, ...]:
    since = f"{datetime.fromisoformat(operator['since']).astimezone():%Y-%m-%d %H:%M:%S}"
    skills = " ".join(f"{name}={level}" for name, level in sorted(operator["skills"].items()))
    reason = operator["reason"] or operator.get("not_ready_after_call") or ""
    phone = _PHONE[operator["phone_registered"]]
    return (operator["id"], operator["name"], operator["state"], reason, since, phone, skills)
