"""``queue``: wait for an operator."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema, model_validator

from ivr.channel import QueueRequest, QueueResult
from ivr.dialogue import insist, words
from ivr.flow import target
from ivr.flow.loosening import LANGUAGE, LoosenForm, SignKey, check, loosenings
from ivr.flow.model import Duration, Name, Node, PromptSlots, seconds
from ivr.flow.queues import Queues, ServiceQueue, chain, entry
from ivr.flow.registry import node
from ivr.flow.roster import OperatorId
from ivr.flow.skills import one_of
from ivr.messages import Message, Unfit
from ivr.nodes.tell_ticket import PROMPT as TELL_NUMBER
from ivr.speech import Language

if TYPE_CHECKING:
    from ivr.call import Call
    from ivr.calllog.state import CallState

TELL_NUMBER_KEY = "5"
HOLD = "please-hold"
_AFTER = re.compile(r"after (.+)")
_LEVELS = r"[0-5]|caller|any|[a-z]{2,3}"

After = Annotated[str, StringConstraints(pattern=r"^after \d{1,5}(\.\d{1,3})?\s*[smh]$")]
"""How a time after the beginning of the wait is written."""


def _level(value: str) -> str:
    if not re.fullmatch(_LEVELS, value):
        raise Unfit(Message("no-level", written=value), Message("write-level"))
    return value


def _after(key: object) -> float:
    match = _AFTER.fullmatch(str(key))
    if match is None:
        raise Unfit(Message("no-time-of-waiting", written=str(key)), Message("write-after"))
    return float(str(seconds(match[1])))


_WRITTEN = {"type": ["string", "integer"], "pattern": f"^({_LEVELS})$", "minimum": 0, "maximum": 5}

Needed = dict[Name, Annotated[str, AfterValidator(_level), WithJsonSchema(_WRITTEN)]]
"""Skill -> level 1 to 5; ``language`` -> ``caller``, ``any`` or a language's code."""


Skilled = dict[Name, Annotated[int, Field(ge=1, le=5)]]
"""Skill -> level 1 to 5."""


@node("queue")
class Queue(Node):
    """Tells that the conversation is recorded, and puts the call in a queue."""

    waits: ClassVar[bool] = True

    queue: Name = Field(description="a queue of queues.yaml")
    needs: Needed = Field(default_factory=lambda: {LANGUAGE: "caller"}, description="what the operator must know")
    relax: dict[Annotated[float, BeforeValidator(_after, json_schema_input_type=After)], Needed] = Field(
        default_factory=dict, description="what changes in 'needs' after waiting: {after 60s: {technical: 1}}"
    )
    any_of: Skilled = Field(
        default_factory=dict, description="one of these the operator must know besides: {technical: 2, account: 3}"
    )
    widen: dict[Annotated[float, BeforeValidator(_after, json_schema_input_type=After)], Skilled] = Field(
        default_factory=dict, description="what will do after waiting as well as 'any-of': {after 90s: {payments: 2}}"
    )
    prefer: Needed = Field(
        default_factory=dict, description="of those who are free, operators who know this too come first"
    )
    sticky: Duration | None = Field(
        None, description="so long only 'operator' is asked, as long as they are on duty and know what is needed"
    )
    operator: OperatorId | None = Field(
        None,
        description="whom 'sticky' is about; by default who spoke with the caller last, or had the request asked about",
    )
    max_wait: Duration | None = Field(
        None, description="the longest wait, overflow included, then 'otherwise'; by default the queue's"
    )
    priority: int | None = Field(None, ge=-100, le=100, description="higher goes first; by default the queue's")
    rises: dict[
        Annotated[float, BeforeValidator(_after, json_schema_input_type=After)], Annotated[int, Field(ge=-100, le=100)]
    ] = Field(default_factory=dict, description="the priority is at least this after waiting: {after 3m: 10}")
    loosen: dict[SignKey, LoosenForm] = Field(
        default_factory=dict,
        description="what is done without when there is need: "
        "{waiting 20: {needs: {technical: 1}}, idle 3: {priority: 5}}",
    )
    record: bool = Field(default=True, description="no: the conversation is not recorded")
    then: Name | None = Field(None, description="after the conversation; by default the call ends")
    otherwise: Name | None = Field(None, description="nobody answered in time; by default the flow's rescue")
    closed: Name | None = Field(
        None, description="the queue is closed, and so are those it overflows to; by default as 'otherwise'"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Queue:
        if self.widen and not self.any_of:
            raise Unfit(Message("nothing-to-widen"), Message("write-any-of"))
        if self.operator is not None and self.sticky is None:
            raise Unfit(Message("sticky-missing", operator=self.operator), Message("add-sticky"))
        for needs in (self.needs, self.prefer, *self.relax.values()):
            for skill, level in needs.items():
                if level.isdigit() == (skill == LANGUAGE):
                    raise Unfit(Message("need-makes-no-sense", skill=skill, level=level), Message("write-needs"))
        check(self.loosen, self.needs, self.any_of)
        return self

    async def run(self, call: Call) -> str:
        """``answered`` after a conversation, ``timeout`` or ``closed`` without one."""
        queues = call.queues
        queue = self._place(call.state, queues) or entry(queues, self.queue, call.now())
        if queue is None:
            return QueueResult.CLOSED.value
        record = self.record and call.line.record
        if record:
            await insist(call, words(call, "conversation-recorded"))
        return str(await call.channel.enqueue(call, self.asks(call.state, queues, record=record, queue=queue)))

    def _place(self, state: CallState, queues: Queues) -> str | None:
        """Where the call waited when its engine was lost: an hour that has come since changes nothing."""
        waited = state.waiting and state.queue in chain(queues, self.queue)
        return state.queue if waited and not queues[state.queue].suspended else None

    def asks(self, state: CallState, queues: Queues, *, record: bool, queue: str | None = None) -> QueueRequest:
        """What is asked of the router for this call, in its own queue or in this one that its own overflows to."""
        request = self.request(state.language, queues)
        sticky = self.sticky is not None and not request.operator
        return replace(
            request,
            queue=queue or self.queue,
            record=record,
            operator=(state.operator or state.asked_operator) if sticky else request.operator,
            priority=request.priority if state.priority is None else state.priority,
        )

    def request(self, language: Language, queues: Queues) -> QueueRequest:
        """What is asked of the router for a caller of this language."""
        rules = queues.get(self.queue) or ServiceQueue(self.queue)
        needs, group, relax = dict(self.needs), dict(self.any_of), []
        for after in sorted({*self.relax, *self.widen}):
            needs = {**needs, **self.relax.get(after, {})}
            group = {**group, **self.widen.get(after, {})}
            relax.append((after, skills(needs, language) | one_of(group)))
        return QueueRequest(
            queue=self.queue,
            needs=skills(self.needs, language) | one_of(self.any_of),
            relax=tuple(relax),
            max_wait=rules.max_wait if self.max_wait is None else self.max_wait,
            priority=rules.priority if self.priority is None else self.priority,
            record=self.record,
            hold=HOLD,
            tell_number_key=TELL_NUMBER_KEY,
            tell_number=TELL_NUMBER,
            prefer=skills(self.prefer, language),
            operator=self.operator or "",
            sticky=self.sticky or 0.0,
            rises=tuple(sorted(self.rises.items())),
            loosen=tuple(loosenings(self.loosen, next(iter(skills(language_alone(self.needs), language)), ""))),
        )

    def edges(self) -> dict[str, str]:
        """After the conversation, and without one."""
        otherwise = self.otherwise or target.RESCUE
        return {
            QueueResult.ANSWERED.value: self.then or target.END,
            QueueResult.TIMEOUT.value: otherwise,
            QueueResult.CLOSED.value: self.closed or otherwise,
        }

    def places(self) -> dict[str, tuple[str, ...]]:
        """What has no key of its own shares another's."""
        return {"answered": ("then",), "timeout": ("otherwise",), "closed": ("closed" if self.closed else "otherwise",)}

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

    def demands(self, language: Language, queues: Queues) -> Mapping[str, Mapping[str, int]]:
        """What is needed after the last relaxation that anybody waits for."""
        request = self.request(language, queues)
        needs = [request.needs, *(change for after, change in request.relax if after < request.max_wait)]
        return {self.queue: needs[-1]}

    def resumed(self, state: CallState) -> str | None:
        """A conversation that had begun is over when the call comes back to the engine."""
        talked = state.answered is not None and state.left_queue == state.answered
        return QueueResult.ANSWERED.value if talked else None


def language_alone(needs: Needed) -> Needed:
    """Of what is needed the language."""
    return {skill: level for skill, level in needs.items() if skill == LANGUAGE}


def skills(needs: Needed, language: Language) -> dict[str, int]:
    """``{technical: 2, language: caller}`` as the router's skills and levels."""
    skills = {skill: int(level) for skill, level in needs.items() if skill != LANGUAGE and level != "0"}
    spoken = {"caller": language, "any": ""}.get(needs.get(LANGUAGE, "any"), needs.get(LANGUAGE, ""))
    return {**skills, f"language.{spoken}": 1} if spoken else skills
