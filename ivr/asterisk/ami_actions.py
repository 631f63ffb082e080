"""What the engine asks of Asterisk besides serving calls: which calls live, which phones can be reached."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ivr.asterisk.ami import Ami
from ivr.asterisk.ami_link import Fields
from ivr.asterisk.ami_protocol import AmiUnavailable

MISSING = re.compile(r"no contacts found|no such channel", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LiveChannel:
    """One channel in Asterisk. ``bridge``: "" when it talks to nobody; ``seconds`` since it was created."""

    uniqueid: str
    linkedid: str
    name: str
    state: str
    application: str
    bridge: str
    seconds: int


async def channels(ami: Ami) -> list[LiveChannel]:
    """Every live channel. Raises AmiUnavailable."""
    answer = await ami.action("CoreShowChannels")
    if not answer.success:
        raise AmiUnavailable(f"Asterisk does not list its channels: {answer.fields.get('Message', '')}")
    return [_channel(fields) for fields in answer.events if "Uniqueid" in fields and "Channel" in fields]


async def contacts(ami: Ami) -> dict[str, bool]:
    """Operators with a registered phone -> whether it can be reached, as far as Asterisk knows. Raises AmiUnavailable.

    Who is not in it has no phone registered.
    """
    answer = await ami.action("PJSIPShowContacts")
    if not answer.success and not MISSING.search(answer.fields.get("Message", "")):
        raise AmiUnavailable(f"Asterisk does not list its contacts: {answer.fields.get('Message', '')}")
    reachable: dict[str, bool] = {}
    for fields in answer.events:
        operator = fields.get("Endpoint") or fields.get("Aor") or fields.get("ObjectName", "").partition("/")[0]
        up = fields.get("Status", "").lower() not in ("unreachable", "removed", "unavailable")
        reachable[operator] = reachable.get(operator, False) or up
    return reachable


async def reload_operators(ami: Ami) -> None:
    """Have Asterisk read the operators' phones, and whom it rings by itself, again. Raises AmiUnavailable."""
    for module in ("res_pjsip.so", "pbx_config.so"):
        answer = await ami.action("Reload", Module=module, limit=15.0)
        if not answer.success:
            raise AmiUnavailable(f"Asterisk did not reload {module}: {answer.fields.get('Message', '')}")


async def variable(ami: Ami, channel: str, name: str) -> str:
    """A variable of a live channel; "" when it has none. Raises AmiUnavailable."""
    answer = await ami.action("Getvar", Channel=channel, Variable=name, limit=2.0)
    return answer.fields.get("Value", "")


def _channel(fields: Fields) -> LiveChannel:
    hours, minutes, seconds = ([*fields.get("Duration", "").split(":"), "0", "0", "0"])[:3]
    return LiveChannel(
        uniqueid=fields["Uniqueid"],
        linkedid=fields.get("Linkedid", ""),
        name=fields["Channel"],
        state=fields.get("ChannelStateDesc", ""),
        application=fields.get("Application", ""),
        bridge=fields.get("BridgeId", ""),
        seconds=_whole(hours) * 3600 + _whole(minutes) * 60 + _whole(seconds),
    )


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0
