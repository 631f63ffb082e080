"""Whether a conversation is recorded is told by what is in its file."""

from pathlib import Path

import pytest

from ivr.recordings import Fault, Recordings

AT = 1_795_000_000.0


async def recording(folder: Path, seconds: float) -> Path:
    path = await Recordings(folder, reserve=0).place(10_000_004, AT)
    path.write_bytes(bytes(44 + int(seconds * 16_000)))
    return path


@pytest.mark.parametrize(("recorded", "talked"), [(3.0, 3.0), (0.5, 5.0), (55.0, 60.0), (3235.0, 3600.0)])
async def test_what_asterisk_still_holds_back_is_no_fault(tmp_path: Path, recorded: float, talked: float) -> None:
    path = await recording(tmp_path, recorded)
    assert await Recordings(tmp_path, reserve=0).fault(path, talked) is None


async def test_a_recording_that_broke_off_is_kept_and_told(tmp_path: Path) -> None:
    path = await recording(tmp_path, 12.0)
    fault = await Recordings(tmp_path, reserve=0).fault(path, 85.0)
    assert fault == Fault("only 12 of 85 s were recorded", kept=True)


async def test_with_a_full_disk_it_is_told_why(tmp_path: Path) -> None:
    path = await recording(tmp_path, 12.0)
    fault = await Recordings(tmp_path, reserve=10**18).fault(path, 85.0)
    assert fault is not None
    assert fault.why.startswith("only 12 of 85 s were recorded: only ")


async def test_an_empty_recording_and_a_missing_one_are_none(tmp_path: Path) -> None:
    recordings = Recordings(tmp_path, reserve=0)
    path = await recording(tmp_path, 0.0)
    assert await recordings.fault(path, 1.0) == Fault("the recording is empty")
    path.unlink()
    fault = await recordings.fault(path, 1.0)
    assert fault is not None
    assert not fault.kept
