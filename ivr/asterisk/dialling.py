"""An operator's phone rings on the caller's own channel: Dial, its recording, its outcome.

Seen on Asterisk 22: ANSWEREDTIME counts from when the *caller* was answered, so it says nothing of the conversation;
a declined call (603) ends as CHANUNAVAIL and is told from an unreachable phone only by HANGUPCAUSE.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
from contextlib import suppress
from pathlib import Path

from ivr.asterisk.ami import Ami
from ivr.asterisk.answering import Answering
from ivr.asterisk.conf.pjsip import TRUNK
from ivr.asterisk.recorded import drop_if_silent, written
from ivr.asterisk.talk import AsteriskRefused, Talk
from ivr.asterisk.variables import JOINED_SUBROUTINE, LISTEN, QUIET_SUBROUTINE
from ivr.channel import CallerGone, Moments, RingOutcome, Rung

log = logging.getLogger(__name__)

OPTIONS = f"gimB({QUIET_SUBROUTINE}^s^1)U({JOINED_SUBROUTINE})"
"""``g`` the caller goes on when the operator hangs up, ``i`` no forwarding by the phone, ``m`` music while it rings,
``B`` what is keyed from here on, in the conversation say, is kept nowhere, ``U`` the moment of the answer is kept in
Asterisk, for an engine that comes after this one."""

REJECTED = "21"
"""Q.850 call rejected: what a phone's Decline (603) becomes."""

OUTCOMES = {
    "ANSWER": RingOutcome.ANSWERED,
    "NOANSWER": RingOutcome.NO_ANSWER,
    "CANCEL": RingOutcome.NO_ANSWER,
    "BUSY": RingOutcome.DECLINED,
}
"""DIALSTATUS; whatever else it says, the phone could not be reached."""

_OPERATOR = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_CARRIER = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?")
_UNSHOWN = re.compile(r"[^A-Za-z0-9 .:#*+-]")
_PATH = re.compile(r"/[^,&|\"\\]+\.wav")
_SHOWN = 60


async def ring(
    talk: Talk,
    ami: Ami,
    operator: str,
    seconds: float,
    *,
    shown: str,
    record_to: Path | None,
    moments: Moments,
) -> Rung:
    """As Line.ring. Raises CallerGone before a conversation, or when the connection is lost."""
    if not _OPERATOR.fullmatch(operator):
        raise ValueError("an operator's id has letters, digits, dot, dash and underscore only")
    await talk.do("SET VARIABLE", "CALLERID(name)", _UNSHOWN.sub("", shown)[:_SHOWN])
    recording = await _record(talk, record_to)
    answering = Answering(talk.session, ami, recording, moments.answered)
    async with answering.watched():
        limit = max(1, math.ceil(seconds))
        moments.dialled()
        # The reply comes when the conversation is over, so it has no limit: the line's end ends it.
        await talk.do_even_dead("EXEC", "Dial", f"PJSIP/{operator},{limit},{OPTIONS}", limit=None)
        outcome = await _outcome(talk)
    if outcome is RingOutcome.ANSWERED:
        answering.certain()
        moments.over()
    with suppress(CallerGone, AsteriskRefused):
        if recording is not None:
            await talk.do_even_dead("EXEC", "StopMixMonitor")
    await _listen(talk)
    if outcome is RingOutcome.ANSWERED:
        recorded = await written(recording) if recording is not None else 0.0
        return Rung(outcome, answering.talked(recorded), caller_gone=talk.session.gone.is_set())
    if recording is not None:
        drop_if_silent(recording)
    talk.session.check()
    return Rung(outcome)


async def transfer(talk: Talk, ami: Ami, carrier: str, number: str, seconds: float) -> Rung:
    """As Channel.transfer, by way of ``carrier`` (host or host:port). Raises CallerGone as ``ring`` does.

    The number is matched digit by digit, and nobody can transfer further: no option of Dial's lets a key or a
    redirection do so.
    """
    if not _E164.fullmatch(number) or not _CARRIER.fullmatch(carrier):
        raise ValueError("a call goes out to a number in E.164, by a carrier's host and port")
    answering = Answering(talk.session, ami, None, lambda: None)
    async with answering.watched():
        target = f"PJSIP/{TRUNK}/sip:{number}@{carrier}"
        await talk.do_even_dead("EXEC", "Dial", f"{target},{max(1, math.ceil(seconds))},{OPTIONS}", limit=None)
        outcome = await _outcome(talk)
    await _listen(talk)
    if outcome is RingOutcome.ANSWERED:
        return Rung(outcome, answering.talked(0.0), caller_gone=talk.session.gone.is_set())
    talk.session.check()
    return Rung(outcome)


async def _listen(talk: Talk) -> None:
    """Asterisk keeps the keys of a caller who goes on (docs/adr/0009)."""
    with suppress(CallerGone, AsteriskRefused):
        for step in LISTEN:
            await talk.do("EXEC", "Exec", step)


async def _record(talk: Talk, path: Path | None) -> Path | None:
    """Start recording; None when there is none. A conversation is never refused because it cannot be recorded.

    ``b``: only from the answer to the end. Never a third argument: Asterisk runs it in a shell.
    """
    if path is None:
        return None
    try:
        if not _PATH.fullmatch(str(path)):
            raise OSError("the path is not absolute, or has characters that Asterisk reads as its own")
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        await talk.do("EXEC", "MixMonitor", f"{path},b")
    except (OSError, ValueError, AsteriskRefused) as error:
        log.warning("a conversation is not recorded: %s", error)
        return None
    return path


async def _outcome(talk: Talk) -> RingOutcome:
    """How Dial ended; the variables can be read on a dead channel too."""
    status = await talk.variable("DIALSTATUS")
    outcome = OUTCOMES.get(status)
    if outcome is None:
        cause = await talk.variable("HANGUPCAUSE")
        return RingOutcome.DECLINED if cause == REJECTED else RingOutcome.UNREACHABLE
    return outcome
