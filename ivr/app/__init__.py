"""The composition root: the only place where adapters are built and joined, a file for each part of the engine."""

from ivr.app.engine import Engine

__all__ = ["Engine"]
