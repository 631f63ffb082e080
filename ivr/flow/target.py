"""Where an edge of a flow leads: a node's name, or one of the words below."""

from __future__ import annotations

from typing import NamedTuple

END = "(end)"
"""The call is over."""

RESCUE = "(rescue)"
"""The flow's ``rescue`` node: an operator. Where an outcome without an edge of its own leads."""

BACK = "(back)"
"""The menu before this one, or this one again when there is none."""

FLOW = "flow:"
"""``flow:NAME``: the start of another flow."""

LINE = "line:"
"""``line:NAME``: the flow of another line, as if its number had been dialled."""

CALL = "call:"
"""``call:NAME``: the start of another flow, which returns to the node that called it."""

RETURN = "return:"
"""``return:WORD``: back to the node that called this flow, with that outcome."""


class Place(NamedTuple):
    """A node of a flow."""

    flow: str
    node: str


def is_node(target: str) -> bool:
    """Whether ``target`` names a node of the same flow."""
    return not target.startswith(("(", FLOW, LINE, CALL, RETURN))
