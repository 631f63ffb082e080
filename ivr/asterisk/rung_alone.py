"""Operators who are at a call that no engine rang them for: they are offered nothing until their phone is free.

While no engine is there, and for a call that an engine has let go, Asterisk rings everybody by itself. Such a phone
is taken while it rings too: a second call to it would be declined, and the operator set not ready for nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from ivr.asterisk.ami_actions import LiveChannel
from routing.model import OperatorState
from routing.states import ON_DUTY
from routing.views import OperatorView

_OFFERED = ON_DUTY - {OperatorState.TALKING}
"""Who could be offered a call; whoever takes none is left as they are."""


class Conversations(Protocol):
    """The dispatcher, as far as conversations go that it did not bring about, or that outlived an engine."""

    def operators(self) -> list[OperatorView]:
        """Every operator on the roster."""
        ...

    def restore_talking(self, operator_id: str, contact_id: str, queue: str = "") -> bool:
        """The operator is found talking."""
        ...

    def talk_ended(self, contact_id: str) -> None:
        """That conversation is over."""
        ...


class RungAlone:
    """Who is held busy for a call of Asterisk's own, by their channel's unique id."""

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations
        self._held: set[str] = set()

    def __contains__(self, uniqueid: str) -> bool:
        return uniqueid in self._held

    def look(self, channels: Iterable[LiveChannel], served: Collection[str]) -> None:
        """These channels live, and calls ``served`` are an engine's: hold whose phone is taken, free whose is not."""
        taken = _taken(channels, served)
        for uniqueid in self._held - taken.keys():
            self._held.discard(uniqueid)
            self._conversations.talk_ended(uniqueid)
        free = {view.id for view in self._conversations.operators() if view.state in _OFFERED}
        for uniqueid, operator in taken.items():
            if operator in free and self._conversations.restore_talking(operator, uniqueid):
                self._held.add(uniqueid)


def _taken(channels: Iterable[LiveChannel], served: Collection[str]) -> Mapping[str, str]:
    """Operators' channels that were dialled for a caller whom no engine serves: unique id -> operator."""
    return {
        channel.uniqueid: channel.name.removeprefix("PJSIP/").rpartition("-")[0]
        for channel in channels
        if channel.linkedid not in ("", channel.uniqueid, *served)
    }
