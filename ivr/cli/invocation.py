"""How the user calls ``ivr`` in another terminal, for the same hotline: what is printed can be pasted as it stands."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path


def ivr_command() -> str:
    """The program as it was called here, quoted for a shell, with IVR_STATE where that is set."""
    called = Path(sys.argv[0])
    ivr = shlex.quote(str(called)) if called.name == "ivr" else "ivr"
    state = os.environ.get("IVR_STATE")
    return f"IVR_STATE={shlex.quote(state)} {ivr}" if state else ivr
