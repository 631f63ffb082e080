"""Speech synthesisers: one a file in this folder, registered by ``@voice``, the best first by ``rank``."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

from ivr.speech import Language


@dataclass(frozen=True, slots=True)
class Pcm:
    """Sound of one channel: signed 16-bit samples, little-endian, at ``rate`` a second."""

    rate: int
    samples: bytes


@dataclass(frozen=True, slots=True)
class Speaker:
    """One of a synthesiser's voices.

    ``terms``: what its licence asks beyond naming it; empty when it is free. ``rate``: speed, per cent of its own.
    """

    name: str
    licence: str
    terms: str = ""
    rate: int = 100


class Programs(Protocol):
    """Where programs are run from: the host, or packages unpacked into a folder of ours."""

    @property
    def path(self) -> Path:
        """The folder that stands for ``/``."""
        ...

    def command(self, program: str) -> list[str]:
        """The words that start ``program``."""
        ...


class Host:
    """Programs that the machine has."""

    path = Path("/")

    def command(self, program: str) -> list[str]:
        """The program as found on PATH. Raises LookupError where it is not."""
        found = shutil.which(program)
        if not found:
            raise LookupError(f"{program} is not installed")
        return [found]


class SynthesisError(Exception):
    """A synthesiser gave no sound; says which one and why."""


class Voice(ABC):
    """A synthesiser. Texts reach it as data, never through a shell, and each run has a time limit."""

    name: ClassVar[str]
    rank: ClassVar[int]
    """The lowest is tried first; see shared measurements in the documentation of voices."""
    program: ClassVar[str]
    packages: ClassVar[tuple[str, ...]]
    """Debian packages that hold the program and its voices."""
    speakers: ClassVar[Mapping[Language, Speaker]]
    poor: ClassVar[bool] = False
    """Understood with difficulty: a last resort that is warned of."""

    @abstractmethod
    def installed(self, programs: Programs, language: Language) -> bool:
        """Whether the speaker of ``language`` is there with the program."""

    @abstractmethod
    def speak(self, texts: Sequence[str], language: Language, programs: Programs) -> list[Pcm]:
        """The sound of each text. Raises SynthesisError."""

    def run(self, command: Sequence[str], text: str, env: Mapping[str, str]) -> None:
        """Run the synthesiser with ``text`` as its input, for so long as that much text may take."""
        limit = 30 + len(text) / 20
        try:
            done = subprocess.run(  # noqa: S603 - a list of words, no shell
                command, input=text.encode(), env=dict(env), capture_output=True, timeout=limit, check=False
            )
        except subprocess.TimeoutExpired:
            raise SynthesisError(f"{self.name} took longer than {limit:.0f} seconds") from None
        except OSError as error:
            raise SynthesisError(f"{self.name} does not start: {error}") from None
        if done.returncode:
            told = done.stderr.decode(errors="replace").strip().splitlines()
            raise SynthesisError(f"{self.name} ended with {done.returncode}: {told[-1] if told else 'no message'}")


VoiceType = TypeVar("VoiceType", bound=type[Voice])
_registered: list[type[Voice]] = []


def voice(cls: VoiceType) -> VoiceType:
    """Register a Voice."""
    _registered.append(cls)
    return cls


@cache
def voices() -> tuple[Voice, ...]:
    """Every synthesiser that is known, the best first."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return tuple(cls() for cls in sorted(_registered, key=lambda known: known.rank))


Find = Callable[[Voice, Language], Programs | None]
"""Where a synthesiser that speaks the language can be run from; None where it cannot be had."""


def on_host(wanted: Voice, language: Language) -> Programs | None:
    """The synthesiser as the machine has it."""
    host = Host()
    return host if shutil.which(wanted.program) and wanted.installed(host, language) else None
