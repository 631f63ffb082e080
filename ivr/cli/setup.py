"""``ivr setup``: fetches and makes what is missing, without starting anything."""

from __future__ import annotations

from typing import Annotated

import typer

from ivr import chromium, debian
from ivr.cli import Refusal, app
from ivr.cli.language import say
from ivr.cli.run import EXPECTED
from ivr.messages import words_of
from ivr.settings import Settings
from ivr.startup import install

TEST_PACKAGES = ("sip-tester",)
"""SIPp, for tests of real calls and for bench/."""


@app.command()
def setup(
    tests: Annotated[bool, typer.Option("--tests", help="Also what the tests and benches need.")] = False,
) -> None:
    """Fetch Asterisk and voices, make the prompts' sounds. What is there is left alone."""
    try:
        settings = Settings.from_environment()
        settings.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        install(settings, say)
        if tests:
            debian.fetch("sipp", TEST_PACKAGES, mirror=settings.debian_mirror, progress=say)
            chromium.find(mirror=settings.debian_mirror, progress=say)
    except EXPECTED as error:
        raise Refusal(words_of(error)) from None
