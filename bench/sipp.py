"""SIPp as the caller: so many calls, so many a second, every one the same script; what came of them."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import cpu
from ivr.debian import Root, fetch

SCENARIO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE scenario SYSTEM "sipp.dtd">
<scenario name="a caller with keys">
  <send retrans="500"><![CDATA[
    INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>
    Call-ID: [call_id]
    CSeq: 1 INVITE
    Contact: <sip:caller@[local_ip]:[local_port]>
    Max-Forwards: 70
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=- 1 1 IN IP4 [local_ip]
    s=-
    c=IN IP4 [media_ip]
    t=0 0
    m=audio [auto_media_port] RTP/AVP 8 101
    a=rtpmap:8 PCMA/8000
    a=rtpmap:101 telephone-event/8000
    a=fmtp:101 0-16
  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rrs="true" timeout="10000"/>
  <send><![CDATA[
    ACK [next_url] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 1 ACK
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  PRESS
  ENDING
</scenario>
"""

HEARS_IT_OUT = """<recv request="BYE" timeout="20000"/>
  <send><![CDATA[
    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]></send>"""

HANGS_UP = """<pause milliseconds="{after}"/>
  <send retrans="500"><![CDATA[
    BYE [next_url] SIP/2.0
    Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
    From: <sip:[field0]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
    To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
    Call-ID: [call_id]
    CSeq: 2 BYE
    Max-Forwards: 70
    Content-Length: 0

  ]]></send>
  <recv response="200" timeout="10000"/>"""


PRESS = '<nop><action><exec play_pcap_audio="{keys}"/></action></nop>'


_FAILED = re.compile(r"Failed(?!Call\()\w+\(C\)")
"""SIPp's columns of calls that failed, by reason."""


class SippFailed(Exception):
    """SIPp could not run; its own words."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the calls."""

    made: int
    failed: int
    seconds: float
    cpu: float
    """Seconds of CPU that SIPp itself took."""
    why: dict[str, int]
    """SIPp's word for why calls failed -> how many."""


def sipp(mirror: str | None = None) -> Root:
    """SIPp, from the cache or fetched."""
    return fetch("sipp", ["sip-tester"], mirror=mirror, progress=lambda words: print(words, file=sys.stderr))


def run(
    root: Root,
    folder: Path,
    number: str,
    port: int,
    keys: Path | None,
    *,
    calls: int,
    rate: int,
    caller: str = "+7916",
    hangs_up_after: int = 0,
) -> Outcome:
    """``calls`` calls to ``number``, ``rate`` a second; SIPp's pcap player needs root or CAP_NET_RAW.

    ``caller``: what their numbers begin with. ``hangs_up_after``: ms from the answer; 0: they hear it out.
    SIPp's own ports for sound lie below 12,000, where nothing of a benchmark listens.
    """
    scenario = folder / "scenario.xml"
    press = PRESS.format(keys=keys) if keys else ""
    ending = HANGS_UP.format(after=hangs_up_after) if hangs_up_after else HEARS_IT_OUT
    scenario.write_text(SCENARIO.replace("PRESS", press).replace("ENDING", ending))
    numbers = folder / "numbers.csv"
    numbers.write_text("\n".join(["SEQUENTIAL", *(f"{caller}{1_000_000 + call}" for call in range(calls)), ""]))
    statistics = folder / "statistics.csv"
    statistics.unlink(missing_ok=True)
    command = [
        *root.command("sipp"),
        f"127.0.0.1:{port}",
        *("-sf", str(scenario), "-inf", str(numbers), "-s", number, "-i", "127.0.0.1", "-mi", "127.0.0.1"),
        *("-m", str(calls), "-r", str(rate), "-l", "2000", "-nostdin", "-timeout", "120", "-min_rtp_port", "2000"),
        *("-trace_stat", "-stf", str(statistics), "-fd", "1", "-trace_err", "-error_file", str(folder / "errors")),
    ]
    before = cpu.spent_by_children()
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=180, check=False
    )
    if not statistics.exists():
        raise SippFailed(done.stderr[-2000:] or done.stdout[-2000:])
    with statistics.open() as table:
        last = list(csv.DictReader(table, delimiter=";"))[-1]
    elapsed = [float(part) for part in last["ElapsedTime(C)"].split(":")[:3]]
    seconds = elapsed[0] * 3600 + elapsed[1] * 60 + elapsed[2]
    spent = cpu.spent_by_children() - before
    why = {_why(name): int(many) for name, many in last.items() if _FAILED.fullmatch(name) and int(many)}
    return Outcome(int(last["SuccessfulCall(C)"]), int(last["FailedCall(C)"]), seconds, spent, why)


def _why(column: str) -> str:
    """``TimeoutOnRecv`` of ``FailedTimeoutOnRecv(C)``."""
    return column.removeprefix("Failed").removesuffix("(C)")
