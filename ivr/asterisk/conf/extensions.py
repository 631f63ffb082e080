"""extensions.conf: a call is handed to the engine, again when the engine is lost, and to people when there is none.

Callers choose the dialled number and their own number freely, with any byte in them. So numbers are matched digit by
digit, never by a wildcard, and the caller's number is filtered before anything else sees it.
"""

from __future__ import annotations

from collections.abc import Iterable

from ivr.asterisk.conf.section import file, lines, section
from ivr.asterisk.site import OperatorPhone, Site, check_ids, departures, fallback
from ivr.asterisk.variables import (
    AGI_PATH,
    BROWSER_CONTEXT,
    DONE,
    JOINED,
    JOINED_SUBROUTINE,
    KEEPS,
    KEYED,
    LISTEN,
    OPERATORS_CONTEXT,
    PEOPLE,
    QUIET_SUBROUTINE,
    TRUNK_CONTEXT,
    TYPED,
)
from ivr.digits import FIRST_DIGIT, INTER_DIGIT

OPERATORS_FILE = "extensions_operators.conf"
LONGEST_NUMBER = 20
"""Digits: E.164's 15 with an international prefix before them."""

NUMBER = "+0-9"
"""What is left of every number that a caller sent."""

TRIES = 30
"""How often a call is handed to the engine, a second apart, before Asterisk goes on alone."""

HEALTHY_SECONDS = 20
"""An engine that served the call for longer works: its tries are counted anew. One that hangs is killed before."""

RING_ALL_SECONDS = 60
RING_ALL = 30
"""How many phones ring at most when there is no engine."""

MESSAGE_SECONDS = 180

END_OF_ALL = "exten => h,1,Goto(hotline,h,1)"
"""What follows a hang-up is looked for in the context that the call is in at that moment, and there alone (seen)."""


def extensions_conf(site: Site) -> str:
    """The whole dialplan but for the operators' part."""
    return (
        file(section("general", ("static", "yes"), ("writeprotect", "yes")))
        + f"[{TRUNK_CONTEXT}]\n"
        + lines(_numbers())
        + (f"[{BROWSER_CONTEXT}]\n" + lines(_numbers(own=True)) if site.settings.development else "")
        + "[hotline]\n"
        + lines(_hotline(site))
        + f"[{QUIET_SUBROUTINE}]\n"
        + lines(_quiet())
        + f"[{OPERATORS_CONTEXT}]\n"
        + lines(["exten => echo,1,Answer()", " same => n,Echo()", " same => n,Hangup()"])
        + f"#include {OPERATORS_FILE}\n"
    )


def operators_conf(operators: Iterable[OperatorPhone]) -> str:
    """Who is rung when there is no engine: everybody at once."""
    phones = "&".join(f"PJSIP/{phone.id}" for phone in check_ids(operators)[:RING_ALL])
    ring = f"Dial({phones},{RING_ALL_SECONDS},im(default)U({JOINED_SUBROUTINE}))" if phones else "NoOp(no operators)"
    # ANSWEREDTIME counts from the caller's own answer (seen), so the moment of the operator's is kept.
    joined = [f"exten => s,1,Set(MASTER_CHANNEL({JOINED})=${{EPOCH}})", " same => n,Return()"]
    everybody = [f"exten => s,1,{ring}", " same => n,Return()", END_OF_ALL]
    return file() + "[everybody]\n" + lines(everybody) + f"[{JOINED_SUBROUTINE}]\n" + lines(joined)


def _numbers(*, own: bool = False) -> Iterable[str]:
    """Every number that can be dialled. ``own``: the caller's number is what they call themselves: they are a page."""
    for length in range(1, LONGEST_NUMBER + 1):
        for plus in ("", "+"):
            # Filtered, since a pattern matches through dashes.
            yield f"exten => _{plus}{'X' * length},1,Set(DIALLED=${{FILTER({NUMBER},${{EXTEN}})}})"
            if own:
                yield f" same => n,Set(CALLER=${{FILTER({NUMBER},${{CALLERID(name)}})}})"
            yield f" same => n,Goto(hotline,s,{'known' if own else 1})"


def _hotline(site: Site) -> Iterable[str]:
    agi = f"agi://127.0.0.1:{site.settings.agi_port}{AGI_PATH}"
    message = f"{fallback(site.settings)}/${{UNIQUEID}}.wav"
    return [
        # Functions that cut by a variable's name: a comma or bracket in a caller's name would end another's argument.
        "exten => s,1,Set(CALLER=${CHANNEL(pjsip,remote_uri)})",
        " same => n,Set(CALLER=${CUT(CALLER,<,2-)})",
        f" same => n,Set(CALLER=${{FILTER({NUMBER},${{CUT(CALLER,@,1)}})}})",
        " same => n(known),Set(CALLERID(num)=${CALLER})",
        " same => n,Set(CALLERID(name)=)",
        " same => n,Set(CALLERID(ani)=${CALLERID(num)})",
        " same => n,Set(CALLERID(dnid)=${DIALLED})",
        " same => n,Set(CALLERID(rdnis)=)",
        " same => n,Set(STARTED=${EPOCH})",
        " same => n,Set(TRY=0)",
        f' same => n(engine),GotoIf($["${{{KEEPS}}}" != ""]?kept)',
        *(f" same => n,{step}" for step in LISTEN),
        # Here and not by the engine: between two of its questions a key would be lost in more commands.
        f" same => n(kept),Set({KEYED}=)",
        f" same => n,Set({TYPED}=)",  # pressed while no engine was there: it answers no question of this one
        f" same => n,Set(TIMEOUT(response)={FIRST_DIGIT:g})",
        f" same => n,Set(TIMEOUT(digit)={INTER_DIGIT:g})",
        " same => n,Set(HANDED=${EPOCH})",
        f" same => n,AGI({agi},${{DIALLED}},${{{JOINED}}})",
        # Never by AGISTATUS: a killed engine is SUCCESS. The engine's own word counts.
        f' same => n,GotoIf($["${{{DONE}}}" = "1"]?over)',
        f' same => n,GotoIf($["${{{PEOPLE}}}" = "1"]?people)',
        f" same => n,ExecIf($[${{EPOCH}} - ${{HANDED}} > {HEALTHY_SECONDS}]?Set(TRY=0))",
        " same => n,Set(TRY=$[${TRY} + 1])",
        f" same => n,GotoIf($[${{TRY}} > {TRIES}]?people)",
        " same => n,Answer()",
        *_say(site, "please-hold", " same => n,ExecIf($[${{TRY}} % 10 = 5]?Playback({sound}))"),
        " same => n,MusicOnHold(default,1)",
        " same => n,Goto(engine)",
        " same => n(people),Answer()",
        " same => n,Set(STATIC=1)",
        f" same => n,Set({JOINED}=)",  # an earlier conversation, of which an engine knows
        *_say(site, "please-hold"),
        f" same => n,Gosub({QUIET_SUBROUTINE},s,1)",
        " same => n,Gosub(everybody,s,1)",
        ' same => n,GotoIf($["${DIALSTATUS}" = "ANSWER"]?over)',
        *_say(site, "nobody-available"),
        *_say(site, "leave-message"),
        f" same => n,Record({message},5,{MESSAGE_SECONDS},k)",
        " same => n(over),Hangup()",
        f'exten => h,1,ExecIf($["${{{DONE}}}" != "1"]?Set(FILE({departures(site.settings)},,,al,u)={_departure()}))',
    ]


def _quiet() -> Iterable[str]:
    """What two people key while they talk is kept nowhere."""
    return [
        f'exten => s,1,GotoIf($["${{{KEEPS}}}" = ""]?over)',
        " same => n,TryExec(StoreDTMF(remove))",
        f" same => n,Set({KEEPS}=)",
        f" same => n(over),Set({KEYED}=)",
        f" same => n,Set({TYPED}=)",
        " same => n,Return()",
        END_OF_ALL,
    ]


def _departure() -> str:
    """What ivr.asterisk.departures reads. Commas would separate FILE's arguments nowhere: this is its value."""
    fields = (
        "UNIQUEID", "STARTED", "EPOCH", "CALLERID(num)", "DIALLED", "STATIC", "DIALSTATUS", "DIALEDPEERNAME",
        JOINED,
    )  # fmt: skip
    return "|".join(f"${{{name}}}" for name in fields)


def _say(site: Site, name: str, line: str = " same => n,Playback({sound})") -> list[str]:
    """Our own prompt, where it has been synthesised."""
    sound = site.sounds.get(name)
    return [line.replace("{{", "{").replace("}}", "}").replace("{sound}", sound)] if sound else []
