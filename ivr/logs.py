"""How processes of the hotline log: one line an event, to stderr; callers' own data is never given to it."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import structlog

MOST_PLACES = 8
"""Of one exception; the innermost are kept."""


def configure() -> None:
    """Timestamps in UTC, key=value; text from outside is escaped. The standard library's loggers follow suit."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    renderer = structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], repr_native_str=True)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_without_words),
                renderer,
            ],
        )
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("panoramisk").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("watchfiles").setLevel(logging.WARNING)


def places(error: BaseException) -> list[str]:
    """Where the error came from, the innermost last: files, lines and functions, never a value."""
    frames = traceback.extract_tb(error.__traceback__)[-MOST_PLACES:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]


def _without_words(exc_info: structlog.typing.ExcInfo) -> str:
    """An exception's kind and places, and its causes'. Its words may hold what a caller keyed or is called."""
    return "; after ".join(f"{type(error).__name__} at {', '.join(places(error))}" for error in _causes(exc_info[1]))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    known: set[int] = set()
    while error is not None and id(error) not in known:
        known.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
