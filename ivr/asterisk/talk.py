"""Commands on one call, with one answer to the question whether the caller is still there."""

from __future__ import annotations

from collections.abc import Callable

from ivr.asterisk.agi_events import Reply
from ivr.asterisk.agi_session import COMMAND_LIMIT, AgiSession
from ivr.asterisk.reaction import Reaction
from ivr.channel import CallerGone

DEAD = 511


class AsteriskRefused(RuntimeError):
    """Asterisk does not know the command, or not in this form: a module is missing, or an engine's fault."""


class Talk:
    """A session that raises CallerGone the moment the caller is known to have gone.

    ``key_to_prompt`` gets each time (s) from the answer to a question to the next words.
    """

    def __init__(self, session: AgiSession, key_to_prompt: Callable[[float], None]) -> None:
        self.session = session
        self._reaction = Reaction(key_to_prompt)

    async def do(self, name: str, *arguments: str | int, limit: float | None = COMMAND_LIMIT) -> Reply:
        """Run a command on a live channel. Raises CallerGone, AsteriskRefused.

        A ``-1`` is either a hang-up, whose HANGUP may come only after it, or a failure: asking for the channel's
        state tells which.
        """
        self.session.check()
        words = self._reaction.asking(name, *arguments[:1])
        reply = await self.session.command(name, *arguments, limit=limit)
        if words:
            self._reaction.answered(name, reply)
        if reply.result == "-1" and not self.session.gone.is_set():
            await self.session.command("CHANNEL STATUS")
        self.session.check()
        self._refuse(name, reply)
        return reply

    async def do_even_dead(self, name: str, *arguments: str | int, limit: float | None = COMMAND_LIMIT) -> Reply:
        """Run a command that may outlast the caller. Raises CallerGone only when the connection has ended."""
        reply = await self.session.command(name, *arguments, limit=limit)
        if reply.code == DEAD:
            raise CallerGone
        self._refuse(name, reply)
        return reply

    async def variable(self, name: str) -> str:
        """A channel variable, of a dead channel too; "" when it is not set."""
        return (await self.do_even_dead("GET VARIABLE", name)).data or ""

    def _refuse(self, name: str, reply: Reply) -> None:
        if reply.code != 200:
            raise AsteriskRefused(f"{name}: {reply.code}; `ivr doctor` says which of Asterisk's modules are missing")
