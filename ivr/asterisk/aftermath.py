"""Asks Asterisk what became of calls that no engine saw to their end, and makes tickets of those that none saw at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from ivr.asterisk.cdr import CallDetail
from ivr.call import Journal
from ivr.calllog.events import End, Ended, Started
from ivr.flow.service import Service
from ivr.numbers import normalise
from ivr.recovery import Departed, Unfinished

_log = structlog.get_logger(__name__)

SETTLE = 1.0
"""Seconds between a hang-up and the look at what it left: Asterisk writes its record of the call meanwhile."""

LOOK = 600.0
"""Seconds between looks when nothing calls for one."""
