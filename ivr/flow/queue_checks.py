"""Whether queues lead somewhere: overflow ends, and wrap-up codes are declared and named. One rule a function."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.flow.problem import Problem, did_you_mean
from ivr.flow.proof.subject import Subject, lines
from ivr.flow.queues import QUEUES, overflows
from ivr.messages import Message
from routing.board import unknown
from routing.orders import ORDERS, SHARED


def queues_exist(subject: Subject) -> Iterator[Problem]:
    """Every queue that a node names is in queues.yaml, and so is every queue's overflow."""
    service = subject.service
    for flow in service.flows.values():
        for name, node in flow.nodes.items():
            for queue in node.queues():
                if queue not in service.queues:
                    reason, mend = Message("no-such-queue", file=QUEUES), did_you_mean(queue, service.queues)
                    yield flow.source.problem(("nodes", name, "queue"), reason, mend)
    for name, each in service.queues.items():
        if each.overflow is not None and each.overflow not in service.queues:
            reason, mend = Message("no-such-queue", file=QUEUES), did_you_mean(each.overflow, service.queues)
            yield service.sources[QUEUES].problem(("queues", name, "overflow"), reason, mend)


def strategies_exist(subject: Subject) -> Iterator[Problem]:
    """A queue's strategy and order are of those that the routing has."""
    service = subject.service
    for name, queue in service.queues.items():
        for option, word, known in unknown(queue):
            reason = Message("no-such-option", option=option, name=word)
            path, mend = ("queues", name, option), did_you_mean(word, known)
            yield service.sources[QUEUES].problem(path, reason, mend)


def shares_are_of_all(subject: Subject) -> Iterator[Problem]:
    """All queues are served by their shares, or none is: a share has no place among waits in seconds."""
    service = subject.service
    shared = [name for name, queue in service.queues.items() if queue.order in SHARED]
    others = [name for name, queue in service.queues.items() if queue.order in ORDERS and queue.order not in SHARED]
    for name in shared if others else ():
        reason, mend = Message("not-by-share", queue=name), Message("order-all-by-share", others=", ".join(others))
        yield service.sources[QUEUES].problem(("queues", name, "order"), reason, mend)


def overflow_ends(subject: Subject) -> Iterator[Problem]:
    """No queue overflows to itself, by whichever others: the last one of each chain leads back into the flow."""
    service = subject.service
    for circle in overflows(service.queues):
        way = " -> ".join((*circle, circle[0]))
        path = ("queues", circle[-1], "overflow")
        reason, mend = Message("overflow-goes-round", way=way), Message("take-overflow-out", queue=circle[-1])
        yield service.sources[QUEUES].problem(path, reason, mend)


def overflow_is_waited_for(subject: Subject) -> Iterator[Problem]:
    """Who comes by overflow finds a queue to wait in, not one that sends them on at once."""
    service = subject.service
    for name, queue in service.queues.items():
        other = service.queues.get(queue.overflow or "")
        if queue.overflow_after is None or other is None or other.overflow_after is None:
            continue
        after = f"{queue.overflow_after:g}s"
        if other.overflow_after <= queue.overflow_after:
            reason, mend = (
                Message("overflow-not-waited-in", queue=name, after=after),
                Message("write-longer", after=after),
            )
            path = ("queues", other.name, "overflow-after")
            yield service.sources[QUEUES].problem(path, reason, mend, severity="warning")


def windows_are_served(subject: Subject) -> Iterator[Problem]:
    """Somebody can call back within each time that a node offers, by the clock of one line at least."""
    service = subject.service
    zones = tuple(dict.fromkeys(line.zone for _, line in lines(service)))
    for flow in service.flows.values():
        for name, node in flow.nodes.items():
            for path, queue in node.unserved(service.queues, subject.at, zones):
                if queue not in service.queues:  # told by queues_exist
                    continue
                reason, mend = Message("nobody-calls-back-then", queue=queue), Message("write-hours-of-queue")
                yield flow.source.problem(("nodes", name, *path), reason, mend)


def wrap_up_codes_are_declared(subject: Subject) -> Iterator[Problem]:
    """Each code that a queue offers is among the declared ones, and each of these has a name in every language."""
    service = subject.service
    source = service.sources[QUEUES]
    known = service.wrap_up_codes
    for name, given in source.data["queues"].items():
        for index, code in enumerate(given.get("wrap-up-codes") or ()):
            if code not in known:
                mend = did_you_mean(code, known) if known else Message("declare-wrap-up-codes")
                path = ("queues", name, "wrap-up-codes", index)
                yield source.problem(path, Message("no-such-wrap-up-code"), mend)
    spoken = sorted({language for _, line in lines(service) for language in line.languages})
    for code, names in known.items():
        for language in spoken:
            if language not in names:
                reason = Message("no-name-in-language", language=language)
                yield source.problem(("wrap-up-codes", code), reason, Message("add-key", key=language), key=True)
