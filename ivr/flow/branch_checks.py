"""Whether branches go by words that can come: a region that no line has is never the caller's."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.flow.problem import Problem, did_you_mean
from ivr.flow.proof.subject import Subject, lines
from ivr.flow.service import REGIONS
from ivr.messages import Message


def branches_name_what_there_is(subject: Subject) -> Iterator[Problem]:
    """Every region that a flow branches by is a line's."""
    known = {line.region for _, line in lines(subject.service)}
    for flow in subject.service.flows.values():
        for name, node in flow.nodes.items():
            if node.kind != "branch" or getattr(node, "branch", "") not in ("region", "caller-region"):
                continue
            for word in getattr(node, "when", ()):
                if word not in known:
                    path = ("nodes", name, "when", word)
                    reason = Message("no-such-region", file=REGIONS)
                    yield flow.source.problem(path, reason, did_you_mean(word, known), key=True)
