"""What is logged stays one line of plain text, and a log that cannot be written harms no call. A process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

HOSTILE = "7\r\n2026-01-01 level='error' event='forged'\x1b[31m\x00\u202e\x9b31m\u2028"


def logged(code: str, stderr: int | object = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    program = (
        "import logging, structlog; from ivr.logs import configure; configure(); "
        f"log, old = structlog.get_logger('x'), logging.getLogger('y'); hostile = {HOSTILE!r}\n{code}\nprint('went on')"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=stderr, check=False)
    assert done.stdout == b"went on\n", done.stderr
    return done


@pytest.mark.parametrize(
    "code",
    [
        "log.warning('call', caller=hostile)",
        "log.warning(hostile)",
        "log.warning('call', names=[hostile], why=ValueError(hostile))",
        "import pathlib; log.warning('call', path=pathlib.Path('/' + hostile.replace(chr(0), '')))",
        "old.warning('peer %s turned away', hostile)",
        "old.warning('peer', extra={'caller': hostile})",
        "try:\n    raise ValueError(hostile)\nexcept ValueError:\n    log.exception('failed')",
        "try:\n    raise ValueError(hostile)\nexcept ValueError:\n    old.exception('failed')",
    ],
)
def test_text_from_outside_forges_no_line_and_colours_no_terminal(code: str) -> None:
    said = logged(code).stderr.decode()
    assert said.count("\n") == 1
    assert said.startswith("timestamp='20")
    assert all(letter.isprintable() for letter in said.rstrip("\n"))


@pytest.mark.parametrize("log", ["log.exception('failed')", "old.exception('failed')"])
def test_an_exception_is_told_by_its_kind_and_place_and_never_by_its_words(log: str) -> None:
    said = logged(
        "def keyed():\n    try:\n        raise KeyError('11223344595')\n    except KeyError as error:\n"
        f"        raise ValueError('Ivanova, 11223344595') from error\ntry:\n    keyed()\nexcept ValueError:\n    {log}"
    ).stderr.decode()
    assert "ValueError at <string>:" in said
    assert "keyed; after KeyError at <string>:" in said
    assert "11223344595" not in said
    assert "Ivanova" not in said


def test_it_says_when_how_bad_and_what() -> None:
    said = logged("log.warning('no room', free=5)").stderr.decode()
    assert "level='warning' event='no room' free=5" in said
    assert "Z'" in said, "time in UTC"


def test_letters_of_every_language_are_readable() -> None:
    assert "очередь Казан һәм" in logged("log.info('очередь Казан һәм')").stderr.decode()


def test_a_full_disk_does_not_reach_the_call() -> None:
    with Path("/dev/full").open("wb") as full:
        logged("log.error('spool', error='full'); old.error('x')\nlog.info('more')", full)


def test_a_log_that_nobody_reads_any_more_does_not_reach_the_call() -> None:
    logged("import os; os.close(2)\nlog.error('spool'); old.error('x')")
