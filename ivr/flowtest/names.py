"""Whether an example call names skills and queues that there are: a slip of the keys there would change nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.flow.loader import Path, Source
from ivr.flow.problem import Problem, did_you_mean
from ivr.flow.service import QUEUES, Service
from ivr.flow.skills import SKILLS
from ivr.flowtest.form import CallForm
from ivr.messages import Message


def unknown_names(call: CallForm, source: Source, path: Path, service: Service) -> Iterator[Problem]:
    """Each skill of an operator, and each queue of the circumstances, that the service does not have."""
    known = service.skills
    for name, operator in call.operators.items() if known is not None else ():
        for skill in operator.skills or ():
            if known is not None and skill not in known:
                where = (*path, "operators", name, "skills", skill)
                reason = Message("no-such-skill", file=SKILLS)
                yield source.problem(where, reason, did_you_mean(skill, known), key=True)
    for where, queue in _queues(call):
        if queue not in service.queues:
            reason, mend = Message("no-such-queue", file=QUEUES), did_you_mean(queue, service.queues)
            yield source.problem((*path, *where), reason, mend, key=where[-1] == queue)


def _queues(call: CallForm) -> Iterator[tuple[Path, str]]:
    for index, queue in enumerate(call.closed):
        yield ("closed", index), queue
    for key, said in (("waiting", call.waiting), ("expected-wait", call.expected_wait)):
        for queue in said:
            yield (key, queue), queue
