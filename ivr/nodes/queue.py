"""``queue``: wait for an operator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema, model_validator

from ivr.channel import QueueRequest, QueueResult
from ivr.dialogue import insist, words
from ivr.flow import target
from ivr.flow.model import Duration, Name, Node, PromptSlots, seconds
from ivr.flow.registry import node
from ivr.nodes.tell_ticket import PROMPT as TELL_NUMBER
from ivr.speech import Language

if TYPE_CHECKING:
    from ivr.call import Call
    from ivr.calllog.state import CallState

TELL_NUMBER_KEY = "5"
HOLD = "please-hold"
LANGUAGE = "language"
_AFTER = re.compile(r"after (.+)")
_LEVELS = r"[0-5]|caller|any|[a-z]{2,3}"

After = Annotated[str, StringConstraints(pattern=r"^after \d{1,5}(\.\d{1,3})?\s*[smh]$")]
"""How a time after the beginning of the wait is written."""


def _level(value: str) -> str:
    if not re.fullmatch(_LEVELS, value):
        raise ValueError(f"no level: {value!r}; write 1 to 5, 0 for none, or for the language caller, any or a code")
    return value


def _after(key: object) -> float:
    match = _AFTER.fullmatch(str(key))
    if match is None:
        raise ValueError(f"no time: {key!r}; write 'after 60s'")
    return float(str(seconds(match[1])))


_WRITTEN = {"type": ["string", "integer"], "pattern": f"^({_LEVELS})$", "minimum": 0, "maximum": 5}

Needed = dict[Name, Annotated[str, AfterValidator(_level), WithJsonSchema(_WRITTEN)]]
"""Skill -> level 1 to 5; ``language`` -> ``caller``, ``any`` or a language's code."""


@node("queue")
class Queue(Node):
    """Tells that the conversation is recorded, and puts the call in a queue."""

    waits: ClassVar[bool] = True

    queue: Name = Field(description="a queue of queues.yaml")
    needs: Needed = Field(default_factory=lambda: {LANGUAGE: "caller"}, description="what the operator must know")
    relax: dict[Annotated[float, BeforeValidator(_after, json_schema_input_type=After)], Needed] = Field(
        default_factory=dict, description="what changes in 'needs' after waiting: {after 60s: {technical: 1}}"
    )
    max_wait: Duration = Field(1500.0, description="the longest wait, then 'otherwise'")
    priority: int = Field(0, ge=-100, le=100, description="higher goes first")
    record: bool = Field(default=True, description="no: the conversation is not recorded")
    then: Name | None = Field(None, description="after the conversation; by default the call ends")
    otherwise: Name | None = Field(None, description="nobody answered in time; by default the flow's rescue")

    @model_validator(mode="after")
    def _makes_sense(self) -> Queue:
        for needs in (self.needs, *self.relax.values()):
            for skill, level in needs.items():
                if level.isdigit() == (skill == LANGUAGE):
                    raise ValueError(f"{skill}: {level} makes no sense; write {{technical: 2, language: caller}}")
        return self

    async def run(self, call: Call) -> str:
        """``answered`` after a conversation, ``timeout`` or ``closed`` without one."""
        record = self.record and call.line.record
        if record:
            await insist(call, words(call, "conversation-recorded"))
        request = self.request(call.state.language, record=record, priority=call.state.priority)
        return str(await call.channel.enqueue(call, request))

    def request(self, language: Language, *, record: bool = True, priority: int | None = None) -> QueueRequest:
        """What is asked of the router for a caller of this language, with this ``priority`` or else the node's."""
        needs, relax = dict(self.needs), []
        for after, change in sorted(self.relax.items()):
            needs = {**needs, **change}
            relax.append((after, skills(needs, language)))
        return QueueRequest(
            queue=self.queue,
            needs=skills(self.needs, language),
            relax=tuple(relax),
            max_wait=self.max_wait,
            priority=self.priority if priority is None else priority,
            record=record,
            hold=HOLD,
            tell_number_key=TELL_NUMBER_KEY,
            tell_number=TELL_NUMBER,
        )

    def edges(self) -> dict[str, str]:
        """After the conversation, and without one."""
        otherwise = self.otherwise or target.RESCUE
        return {
            QueueResult.ANSWERED.value: self.then or target.END,
            QueueResult.TIMEOUT.value: otherwise,
            QueueResult.CLOSED.value: otherwise,
        }

    def places(self) -> dict[str, tuple[str, ...]]:
        """The outcomes share two keys."""
        return {"answered": ("then",), "timeout": ("otherwise",), "closed": ("otherwise",)}

    def silent(self) -> Iterable[str]:
        """A conversation is no silence."""
        return (QueueResult.TIMEOUT.value, QueueResult.CLOSED.value)

    def prompts(self) -> PromptSlots:
        """The notices, and the request number."""
        recorded = {"conversation-recorded": ()} if self.record else {}
        return {**recorded, HOLD: (), TELL_NUMBER: ("number",)}

    def queues(self) -> Iterable[str]:
        """The one that it waits in."""
        return (self.queue,)

    def demands(self, language: Language) -> Mapping[str, Mapping[str, int]]:
        """What is needed after the last relaxation that anybody waits for."""
        request = self.request(language)
        needs = [request.needs, *(change for after, change in request.relax if after < self.max_wait)]
        return {self.queue: needs[-1]}

    def resumed(self, state: CallState) -> str | None:
        """A conversation that had begun is over when the call comes back to the engine."""
        talked = state.answered is not None and state.left_queue == state.answered
        return QueueResult.ANSWERED.value if talked else None


def skills(needs: Needed, language: Language) -> dict[str, int]:
    """``{technical: 2, language: caller}`` as the router's skills and levels."""
    skills = {skill: int(level) for skill, level in needs.items() if skill != LANGUAGE and level != "0"}
    spoken = {"caller": language, "any": ""}.get(needs.get(LANGUAGE, "any"), needs.get(LANGUAGE, ""))
    return {**skills, f"language.{spoken}": 1} if spoken else skills
