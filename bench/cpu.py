"""What processes and the machine have spent, as Linux counts it in /proc."""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_IDLE = (3, 4)  # idle and iowait among the fields of /proc/stat


def spent(pid: int) -> float:
    """Seconds of CPU of a process so far, in user and in kernel mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def children(pid: int) -> list[int]:
    """The processes that it has started and that have not ended."""
    told = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for each in told for child in each.read_text().split()]


def spent_by_children() -> float:
    """Seconds of CPU of our children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Machine:
    """CPU seconds of all processes together, and of waiting, at one moment."""

    busy: float
    idle: float

    @classmethod
    def now(cls) -> Machine:
        """Since the machine started."""
        fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
        idle = sum(fields[index] for index in _IDLE)
        return cls((sum(fields) - idle) / _TICK, idle / _TICK)

    def busy_since(self, earlier: Machine) -> float:
        """Seconds of CPU that all processes have spent since then."""
        return self.busy - earlier.busy

    def share_since(self, earlier: Machine) -> float:
        """How busy the machine was since then, 0 to 1."""
        busy, idle = self.busy - earlier.busy, self.idle - earlier.idle
        return busy / (busy + idle) if busy + idle else 0.0


def words() -> str:
    """The machine, in a line."""
    model = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")), os.uname().machine,
    )  # fmt: skip
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    return f"{os.cpu_count()} x {model}, Linux {os.uname().release}; load before the start {load}"
