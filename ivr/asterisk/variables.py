"""Every channel variable, context and AGI path that the generated dialplan and the engine share, in this one file."""

from __future__ import annotations

DONE = "KOMMUTATOR_DONE"
"""Set to 1 as the engine's last act on a call. The dialplan never branches on AGISTATUS: a killed engine is SUCCESS."""

TYPED = "KOMMUTATOR_TYPED"
"""What a caller pressed and the engine has not looked at: emptied by each look, told to no AMI client and no log."""

KEEPS = "KOMMUTATOR_KEEPS"
"""Not empty while Asterisk keeps the caller's keys in TYPED: it does not during a conversation."""

QUIET_SUBROUTINE = "quiet"
"""The dialplan's part that ends that: Dial's option B, before any phone rings."""

LISTEN = (f"ExecIf(1${{LOCK(typed)}}?TryExec(StoreDTMF(RX,{TYPED})))", f"Set({KEEPS}=${{UNLOCK(typed)}})")
"""What begins it anew. StoreDTMF makes ready what all calls share before it copies it (its source): one call at a
time. One that does not get the lock within Asterisk's three seconds does without."""

KEYED = "KOMMUTATOR_KEYED"
"""What Read took of that at the last question: emptied by the same look."""

LOOK = f"${{READSTATUS}}|${{SHIFT({KEYED})}}|${{SHIFT({TYPED})}}"
"""Reads and empties both in one command: no key comes between. The only expression that the engine has evaluated."""

PEOPLE = "KOMMUTATOR_PEOPLE"
"""Set to 1 by an engine that lets this one call go: the dialplan then does what it does when there is no engine."""

ACCOUNT, LISTENING = "CHANNEL(accountcode)", "listening"
"""What calls that have waited to music carry: the manager interface tells the engine of the keys of such calls only."""

JOINED = "TALKING"
"""When an operator last picked up this call (s since 1970, whole), set by Asterisk itself, engine or not."""

JOINED_SUBROUTINE = "talking"
"""The dialplan's part that sets it: Dial's option U."""

AGI_PATH = "/call"
"""``agi://127.0.0.1:PORT/call``; the dialled number, digits and ``+`` only, is its first argument, the value of
JOINED its second."""

TRUNK_CONTEXT = "from-trunk"
"""Where calls from the carrier (and a first softphone) arrive."""

BROWSER_CONTEXT = "from-browser"
"""Where calls from the page of a caller's phone arrive, in development."""

OPERATORS_CONTEXT = "from-operators"
"""Where an operator's own phone dials: nothing but an echo test."""

AMI_USER = "kommutator"
"""The engine's manager user; its secret is made at set-up and kept in IVR_STATE with mode 0600."""
