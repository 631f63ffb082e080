"""The way of a call through the flows."""

from __future__ import annotations

from ivr.calllog.events.event import Event


class LineChosen(Event, frozen=True, kw_only=True, tag="line"):
    """The call goes on on another line (an unknown number was dialled)."""

    line: str
    region: str
    flow: str


class LanguageChosen(Event, frozen=True, kw_only=True, tag="language"):
    """The caller chose, or the hotline remembered, a language."""

    language: str


class NodeEntered(Event, frozen=True, kw_only=True, tag="node"):
    """The flow came to a node: the path through the menus."""

    flow: str
    node: str


class SectionChosen(Event, frozen=True, kw_only=True, tag="section"):
    """What the call is about. ``term``: by when that is answered, as sections.yaml said then (ivr.flow.term).

    ``complexity``: from 1 (anybody answers it) to 5.
    """

    section: str
    category: str = ""
    term: str = ""
    complexity: int = 1


class AttributeSet(Event, frozen=True, kw_only=True, tag="attribute"):
    """The flow noted something about the call: a word that a ``branch`` may look at. Never a caller's own data."""

    name: str
    value: str


class PrioritySet(Event, frozen=True, kw_only=True, tag="priority"):
    """From here on the call waits with this priority, whatever the queue's node says."""

    priority: int


class SubFlowEntered(Event, frozen=True, kw_only=True, tag="sub-flow"):
    """The node ``node`` of ``flow`` called another flow, which is to return to it."""

    flow: str
    node: str
    parameters: dict[str, str]


class SubFlowLeft(Event, frozen=True, kw_only=True, tag="returned"):
    """The flow called last is over: by ``return`` with this word, or left for an earlier menu ("")."""

    result: str
