"""outside.yaml: what lies outside of the hotline and may be reached by a flow; nothing else may.

A flow names what stands here, and never writes a telephone number or an address itself: so no flow, and nobody who
keys or sends something, can make the hotline call or ask anybody that its owner has not allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlsplit

import phonenumbers
from pydantic import AfterValidator, Field, StringConstraints

from ivr.flow.model import Duration, Form, Name
from ivr.messages import Message, Unfit
from ivr.numbers import normalise

OUTSIDE = "outside.yaml"
"""Its name in the configuration's folder; it may be missing."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def _number(written: str) -> str:
    number = normalise(written)
    if number is None or not phonenumbers.is_valid_number(phonenumbers.parse(number)):
        raise Unfit(Message("no-telephone-number", written=written), Message("write-telephone-number"))
    return number


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Unfit(Message("no-safe-address", url=url), Message("write-https"))
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise Unfit(Message("address-too-much", url=url), Message("take-rest-out"))
    return url


class SystemForm(Form):
    """One system of the owner's, which a flow may ask."""

    url: Annotated[str, AfterValidator(_address)] = Field(description="its address: https://crm.example/ivr")
    secret: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,63}$")] = Field(
        description="the environment variable that holds the secret by which requests are signed"
    )
    wait: Duration = Field(3.0, le=10, description="how long it is waited for: at most 10s")


class OutsideForm(Form):
    """outside.yaml."""

    numbers: dict[Name, Annotated[str, AfterValidator(_number)]] = Field(
        default_factory=dict, description="name -> telephone number that a call may be transferred to"
    )
    systems: dict[Name, SystemForm] = Field(default_factory=dict, description="name -> system that a flow may ask")


@dataclass(frozen=True, slots=True)
class System:
    """One system of the owner's. ``secret``: the name of its environment variable; ``wait``: seconds."""

    name: str
    url: str
    secret: str
    wait: float


@dataclass(frozen=True, slots=True)
class Outside:
    """All that may be reached. ``numbers`` in E.164."""

    numbers: Mapping[str, str] = field(default_factory=dict)
    systems: Mapping[str, System] = field(default_factory=dict)


def outside(form: OutsideForm) -> Outside:
    """What the file says."""
    systems = {name: System(name, given.url, given.secret, given.wait) for name, given in form.systems.items()}
    return Outside(dict(form.numbers), systems)
