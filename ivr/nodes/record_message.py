"""``record-message``: the caller leaves a voice message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

import structlog
from pydantic import Field

from ivr.calllog.events import MessageLeft
from ivr.dialogue import insist, words
from ivr.digits import END
from ivr.flow.model import Duration, Name, Node, PromptSlots
from ivr.flow.registry import node

if TYPE_CHECKING:
    from ivr.call import Call

log = structlog.get_logger(__name__)

SHORTEST = 1.0
"""Seconds below which a recording is no message."""


@node("record-message")
class RecordMessage(Node):
    """Says a prompt, beeps and records until ``#``, silence or the limit. The channel beeps."""

    waits: ClassVar[bool] = True

    record_message: Name = Field("leave-message", description="the prompt")
    then: Name = Field(description="after the message")
    otherwise: Name | None = Field(None, description="nothing was said, or it could not be stored; else as 'then'")
    limit: Duration = Field(120.0, description="the longest message")
    silence: Duration = Field(5.0, description="so much silence ends it")

    async def run(self, call: Call) -> str:
        """``recorded``, ``empty`` or ``failed``."""
        await insist(call, words(call, self.record_message))
        name = _file_name(call)
        try:
            path = call.messages / name
            seconds = await call.channel.record(path, max_seconds=self.limit, silence=self.silence, end_keys=END)
        except OSError as error:
            log.error("message-not-stored", call=call.state.call_id, error=error.strerror)
            await insist(call, words(call, "message-failed"))
            return "failed"
        if seconds < SHORTEST:
            return "empty"
        call.log(MessageLeft(at=call.now(), path=name, seconds=seconds))
        await insist(call, words(call, "message-kept"))
        return "recorded"

    def edges(self) -> dict[str, str]:
        """The next node."""
        otherwise = self.otherwise or self.then
        return {"recorded": self.then, "empty": otherwise, "failed": otherwise}

    def places(self) -> dict[str, tuple[str, ...]]:
        """The outcomes share two keys."""
        otherwise = ("otherwise",) if self.otherwise else ("then",)
        return {"recorded": ("then",), "empty": otherwise, "failed": otherwise}

    def prompts(self) -> PromptSlots:
        """The request for a message, and what became of it."""
        return {self.record_message: (), "message-kept": (), "message-failed": ()}


def _file_name(call: Call) -> str:
    day = datetime.fromtimestamp(call.now(), UTC)
    return f"{day:%Y/%m/%d}/{call.state.ticket}.wav"
