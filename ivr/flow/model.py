"""The form of a flow: a node type's fields are its YAML keys, their types what may stand there."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from ivr.messages import Message, Unfit
from ivr.speech import Language

if TYPE_CHECKING:
    from datetime import tzinfo

    from ivr.call import Call
    from ivr.calllog.state import CallState
    from ivr.channel import QueueRequest
    from ivr.flow.queues import Queues

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
"""The name of a node, flow, line, queue, skill, section or prompt: small Latin letters, digits and hyphens."""

LanguageCode = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)\s*([smh])")


def seconds(value: object) -> object:
    """Seconds of ``20s``, ``25m`` or ``1h``. Raises Unfit, for anything else."""
    if isinstance(value, int | float):
        return float(value)
    match = _DURATION.fullmatch(str(value))
    if match is None:
        raise Unfit(Message("no-length", written=str(value)), Message("write-length"))
    return float(match[1]) * _UNITS[match[2]]


Length = Annotated[str, StringConstraints(pattern=r"^\d{1,5}(\.\d{1,3})?\s*[smh]$")]
"""How a length of time is written."""

Duration = Annotated[float, BeforeValidator(seconds, json_schema_input_type=Length), Field(gt=0, le=86400)]
"""Seconds, written ``20s``, ``25m`` or ``1h``; at most a day."""

Pause = Annotated[float, BeforeValidator(seconds, json_schema_input_type=Length), Field(ge=0, le=86400)]
"""As Duration, but it may be ``0s``."""


def kebab(name: str) -> str:
    """The YAML key of a field: ``max_wait`` is ``max-wait``."""
    return name.replace("_", "-")


PromptSlots = Mapping[str, tuple[str, ...]]
"""The name of a prompt -> the names of the slots that are filled when it is said."""


class Form(BaseModel):
    """What every YAML form has in common: keys with hyphens, no unknown key, never changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=kebab, populate_by_name=True)


class Node(Form):
    """One step of a call. A subclass registers itself under its YAML name by ``ivr.flow.registry.node``."""

    kind: ClassVar[str] = ""
    waits: ClassVar[bool] = False
    """Whether the caller is in hands that do not need the flow here: an operator's queue or a voice message."""
    completes: ClassVar[bool] = False
    """Whether a caller who hangs up here has got what they called for."""
    opens: ClassVar[bool] = False
    """Whether calls begin with it: a greeting, the choice of the language. An announcement for all comes after it."""
    trail: ClassVar[bool] = False
    """Whether ``*`` in a later menu leads back here."""
    own_prompts: ClassVar[tuple[str, ...]] = ()
    """Prompts that come with the node type, for whichever flow uses it one day: they may be unused meanwhile."""

    section: Name | None = Field(None, description="what the call is about from here on: a section of sections.yaml")
    category: Name | None = Field(None, description="the same more closely: a category of sections.yaml")

    @abstractmethod
    async def run(self, call: Call) -> str:
        """Do this step; the outcome, one of ``edges()``. Raises CallerGone through."""

    @abstractmethod
    def edges(self) -> dict[str, str]:
        """Outcome -> target (ivr.flow.target) for every outcome that ``run`` may have."""

    def places(self) -> dict[str, tuple[str, ...]]:
        """Outcome -> path, within this node, of what names its target; by default the key of the same name."""
        return {}

    def silent(self) -> Iterable[str]:
        """Outcomes that come about without the caller pressing a key or speaking: no circle may consist of them."""
        return self.edges()

    def erring(self) -> Iterable[str]:
        """Outcomes for a caller who does only what is wrong, however often: no circle may consist of them either."""
        return self.silent()

    def prompts(self) -> PromptSlots:
        """Every prompt that ``run`` may say, with the slots that it fills."""
        return {}

    def languages(self) -> Iterable[Language]:
        """Languages, beside the line's own, that a caller may speak from here on."""
        return ()

    def queues(self) -> Iterable[str]:
        """Every queue that ``run`` may put the call in."""
        return ()

    def systems(self) -> Iterable[str]:
        """Every system of outside.yaml that ``run`` may ask."""
        return ()

    def numbers(self) -> Iterable[str]:
        """Every number of outside.yaml that ``run`` may call."""
        return ()

    def demands(self, language: Language, queues: Queues) -> Mapping[str, Mapping[str, int]]:
        """Queue -> skills and levels that a caller of this language needs there at the last, after every relaxation."""
        return {}

    def asks(self, state: CallState, queues: Queues, *, record: bool) -> QueueRequest | None:
        """What ``run`` asks of the queue in which this call then waits; None where it waits in none.

        ``queues``: all that there are. ``record``: whether the conversation may be recorded.
        """
        return None

    def unserved(
        self, queues: Queues, at: float, zones: Iterable[tzinfo]
    ) -> Iterable[tuple[tuple[str | int, ...], str]]:
        """Times that this node names in vain: the path within it, and the queue that is always closed then.

        ``at``: from when on (seconds since 1970); ``zones``: those of the lines.
        """
        return ()

    def parameters(self) -> Mapping[str, str]:
        """What a flow that this node calls is given."""
        return {}

    def resumed(self, state: CallState) -> str | None:
        """The outcome that had come about when the call was lost here and taken up again; None: run it again."""
        return None


class FlowForm(Form):
    """One file of dialplans/."""

    dialplan: int = Field(1, ge=1, le=1, description="version of this language")
    flow: Name = Field(description="the flow's name: the file's name without its ending")
    names: dict[LanguageCode, str] = Field(
        default_factory=dict, description="the flow's name in each language, as operators read a call's path"
    )
    steps: int = Field(12, ge=1, le=100, description="the most nodes from any node to a person, a message or the end")
    start: Name = Field(description="the node that a call comes to first")
    rescue: Name = Field(description="the node that a call comes to when anything goes wrong: an operator's queue")
    nodes: dict[Name, Any] = Field(min_length=1, max_length=500, description="name -> what it does: see Nodes")


class LineForm(Form):
    """One line of regions.yaml: whom it serves, and how."""

    numbers: list[str] = Field(default_factory=list, description="as people write them; each belongs to one line")
    region: Name = Field(description="the region's name in reports")
    names: dict[LanguageCode, str] = Field(description="the region's name in each language")
    time_zone: str = Field(description="of the IANA data base, say Europe/Moscow")
    languages: list[LanguageCode] = Field(min_length=1, description="in the order offered; the first greets")
    hours: str | dict[str, str] = Field(
        description="24/7, or days, holidays and dates with their hours: {mon-fri: 09:00-21:00, holidays: closed}"
    )
    flow: Name = Field(description="the flow that answers")
    closed: Name | None = Field(None, description="the flow out of hours")
    record: bool = Field(default=True, description="no: no conversation here is recorded, whatever the flows say")


class RegionsForm(Form):
    """regions.yaml."""

    lines: dict[Name, LineForm] = Field(min_length=1, description="name -> line")
    unknown: LineForm = Field(description="what answers a number that belongs to no line")


Texts = Mapping[Language, str]
"""The same words in several languages."""
