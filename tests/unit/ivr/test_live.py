"""What is live is swapped whole, or not at all. The files are real; only the voice is stood in for.

They are the shipped ones, with few of their example calls. They are examined here, and in two tests, as in life, in a
process of their own, whose start takes longer than all its work.
"""

import asyncio
import io
import shutil
import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ivr import live as module
from ivr.flow.problem import Problems
from ivr.flow.service import Service
from ivr.golive import apart
from ivr.golive.examination import Examination, examine_here, examined
from ivr.golive.standing import Foreseen
from ivr.live import Live
from ivr.prompts.build import NoVoice
from ivr.prompts.catalogue import Catalogue
from ivr.prompts.provide import places
from ivr.settings import PROJECT, Settings
from ivr.speech import UnknownPrompt


class Rig:
    def __init__(self, folder: Path, state: Path) -> None:
        self.folder = folder
        self.settings = Settings.from_environment({"IVR_CONFIG": str(folder), "IVR_STATE": str(state)})
        self.swapped: list[Service] = []
        self.previewed: list[Service] = []
        self.rendered = 0
        self.voice: Callable[[], None] = lambda: None
        self.apart = False

    def begin(self) -> Live:
        return Live(self.settings, self)

    def go_live(self, service: Service) -> None:
        self.swapped.append(service)

    def foresee(self, service: Service) -> list[Foreseen]:
        self.previewed.append(service)
        return []

    async def spoken(self, settings: Settings) -> Catalogue:
        self.rendered += 1
        await asyncio.to_thread(self.voice)
        return Catalogue.load(*places(settings))

    async def examined(self, folder: Path, voices: Path) -> Examination:
        if self.apart:
            return await examined(folder, voices)
        return await asyncio.to_thread(examine_here, folder, voices)

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


@pytest.fixture
def rig(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rig:
    folder = tmp_path / "config"
    folder.mkdir()
    for path in PROJECT.glob("*.yaml"):
        shutil.copy(path, folder)
    shutil.copytree(PROJECT / "dialplans", folder / "dialplans", ignore=shutil.ignore_patterns("tests"))
    (folder / "dialplans/tests").mkdir()
    shutil.copy(PROJECT / "dialplans/tests/main.yaml", folder / "dialplans/tests")
    shutil.copytree(PROJECT / "recordings/prompts", folder / "recordings/prompts")
    made = Rig(folder, tmp_path / "state")
    monkeypatch.setattr(module, "spoken", made.spoken)
    monkeypatch.setattr(apart, "PATIENCE", 0.0)  # other tests are running beside
    monkeypatch.setattr(module, "examined", made.examined)
    return made


async def test_what_passes_goes_live_with_its_queues_and_its_prompts(rig: Rig) -> None:
    rig.apart = True
    live = rig.begin()
    before = live.now()
    rig.edit("queues.yaml", "technical: {ring: 20s", "technical: {ring: 33s")
    (rig.folder / "recordings/prompts/ru/welcome.txt").write_text("Добрый день.")
    done = await live.reload()
    assert done.accepted
    assert done.version == live.now()[0].version != before[0].version
    assert rig.swapped[-1] is live.now()[0]
    assert rig.swapped[-1].queues["technical"].ring == 33
    assert live.now()[1].say("welcome", "ru")[0].text == "Добрый день."
    assert rig.rendered == 1, "what is new is spoken before any call hears of it"
    assert before[0].queues["technical"].ring == 20, "a call in progress keeps what it began with"
    assert before[1].say("welcome", "ru")[0].text != "Добрый день."


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("dialplans/main.yaml", "flow: main", "flow: [main"),
        ("regions.yaml", "flow: regional", "flow: regoinal"),
        ("queues.yaml", "technical: {ring: 20s", "technical: {strategy: bogus, ring: 20s"),
        ("recordings/prompts/ru/your-ticket-number.txt", "{number}", "{nubmer}"),
    ],
)
async def test_what_is_broken_leaves_everything_as_it_was(rig: Rig, name: str, old: str, new: str) -> None:
    live = rig.begin()
    before = live.now()
    rig.edit(name, old, new)
    done = await live.reload()
    assert (done.accepted, done.version) == (False, before[0].version)
    assert live.now() is before
    assert live.problem
    assert name in (live.problem or "")
    assert len(rig.swapped) == 1
    rig.edit(name, new, old)
    assert (await live.reload()).accepted
    assert live.problem is None


@pytest.mark.parametrize("fault", [NoVoice("no voice for ba"), OSError(28, "No space left on device")])
async def test_what_cannot_be_spoken_does_not_go_live(rig: Rig, fault: Exception) -> None:
    live = rig.begin()
    before = live.now()

    def mute() -> None:
        raise fault

    rig.voice = mute
    rig.edit("queues.yaml", "technical: {ring: 20s", "technical: {ring: 33s")
    done = await live.reload()
    assert not done.accepted
    assert str(fault) in done.why
    assert live.now() is before
    assert len(rig.swapped) == 1
    assert [change.version for change in live.versions.changes()] == [before[0].version], "nor is it kept for later"
    rig.voice = lambda: None
    assert (await live.reload()).accepted, "the same files, once there is a voice"
    assert rig.swapped[-1].queues["technical"].ring == 33


async def test_the_log_says_when_what_was_broken_is_mended(rig: Rig) -> None:
    live = rig.begin()
    version = live.version
    rig.edit("regions.yaml", "moscow:", "moscow: [")
    with capture_logs() as said:
        await live.reload()
        rig.edit("regions.yaml", "moscow: [", "moscow:")
        await live.reload()
    told = [(entry["event"], entry.get("version")) for entry in said]
    assert told[-1] == ("configuration-mended", version)
    assert "configuration-refused" in [event for event, _ in told[:-1]]


async def test_two_reloads_at_once_take_turns(rig: Rig) -> None:
    live = rig.begin()
    at_once = 0

    def slow() -> None:
        nonlocal at_once
        at_once += 1
        assert at_once == 1
        asyncio.run(asyncio.sleep(0.02))
        at_once -= 1

    rig.voice = slow
    first, second = await asyncio.gather(live.reload(), live.reload())
    assert first.accepted and second.accepted
    assert rig.rendered == 2


async def test_a_start_on_broken_files_has_the_last_good_ones(rig: Rig) -> None:
    good = rig.begin().now()[0]
    rig.edit("dialplans/main.yaml", "flow: main", "flow: [main")
    live = rig.begin()
    assert live.now()[0].version == good.version
    assert "dialplans/main.yaml" in (live.problem or "")


def test_broken_files_and_no_good_ones_are_told_whole(rig: Rig) -> None:
    rig.edit("dialplans/main.yaml", "flow: main", "flow: [main")
    with pytest.raises(Problems, match=r"dialplans/main\.yaml"):
        rig.begin()


def test_one_bad_text_costs_itself_and_no_start(rig: Rig) -> None:
    prompts = rig.folder / "recordings/prompts/ru"
    (prompts / "main.txt").write_text("Нажмите {")
    (prompts / "new.wav").write_bytes(b"RIFF")
    live = rig.begin()
    assert live.problem is not None
    assert "main.txt" in live.problem and "new.wav" in live.problem
    said = live.now()[1]
    assert said.say("welcome", "ru")
    assert said.say("main", "en")
    with pytest.raises(UnknownPrompt):
        said.say("main", "ru")


def test_prompts_without_a_sound_are_told_with_the_mend(rig: Rig) -> None:
    problem = rig.begin().problem or ""
    assert "without a sound: en/" in problem
    assert "ivr prompts build" in problem


async def test_a_rollback_writes_the_files_back_and_keeps_what_stood_there(rig: Rig) -> None:
    live = rig.begin()
    first = live.now()[0].version
    rig.edit("queues.yaml", "technical: {ring: 20s", "technical: {ring: 33s")
    (rig.folder / "dialplans/extra.yaml").write_text(
        (rig.folder / "dialplans/main.yaml").read_text().replace("flow: main", "flow: extra", 1)
    )
    assert (await live.reload("anna", "longer rings")).accepted
    rig.edit("queues.yaml", "technical: {ring: 33s", "technical: {ring: oops")
    done = await live.roll_back("", "boris")
    assert (done.accepted, done.version) == (True, first)
    assert b"technical: {ring: 20s" in (rig.folder / "queues.yaml").read_bytes()
    assert not (rig.folder / "dialplans/extra.yaml").exists(), "nor would it have been there then"
    assert (await live.reload()).version == first, "whoever watches the folder finds what is live"
    changes = live.versions.changes()
    assert [(change.who, change.live) for change in changes] == [
        ("the start", True),
        ("anna", True),
        ("boris", False),
        ("boris", True),
    ]
    assert b"ring: oops" in live.versions.content(changes[2].version)["queues.yaml"]
    again = await live.roll_back(changes[1].version[:8], "boris")
    assert again.version == changes[1].version


async def test_a_change_that_breaks_an_example_call_stays_out(rig: Rig) -> None:
    rig.apart = True
    live = rig.begin()
    before = live.now()
    rig.edit("dialplans/tests/main.yaml", "result: {language: en, line: tatarstan}", "result: {language: ru}")
    done = await live.reload()
    assert not done.accepted
    assert "this example call goes otherwise" in (live.problem or "")
    assert live.now() is before


async def test_a_preview_changes_nothing_and_knows_what_a_reload_would_bring(rig: Rig) -> None:
    live = rig.begin()
    before = live.now()
    rig.edit("queues.yaml", "technical: {ring: 20s", "technical: {ring: 33s")
    seen = await live.preview()
    assert rig.previewed[-1].queues["technical"].ring == 33
    assert (live.now() is before, len(rig.swapped)) == (True, 1)
    assert seen.version == (await live.reload()).version
    rig.edit("dialplans/main.yaml", "flow: main", "flow: [main")
    seen = await live.preview()
    assert (seen.version, len(rig.previewed)) == ("", 1) and seen.problems


def wav(seconds: float) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(int(16_000 * seconds)))
    return made.getvalue()


async def test_a_rollback_brings_recordings_back_and_says_which_are_not_kept(rig: Rig) -> None:
    path = rig.folder / "recordings/prompts/ru/welcome.wav"
    path.write_bytes(wav(1.0))
    live = rig.begin()
    first = live.now()[0].version
    path.write_bytes(wav(2.0))
    assert (await live.reload("anna")).version != first
    done = await live.roll_back("", "boris")
    assert (done.version, path.read_bytes()) == (first, wav(1.0))
    second = live.versions.changes()[1].version
    (live.versions.content_folder(second) / "recordings/prompts/ru/welcome.wav").unlink()
    done = await live.roll_back(second, "boris")
    assert done.accepted and path.read_bytes() == wav(1.0)
    told = [str(problem) for problem in done.problems if problem.file.endswith("welcome.wav")]
    assert told and "not kept any more" in told[0] and "record it again" in told[0]


async def test_a_state_folder_of_an_earlier_engine_starts_on_its_last_good_copy(rig: Rig) -> None:
    """Before versions were kept there was one copy, of the YAML alone."""
    shutil.copytree(rig.folder, rig.settings.state / "last-good", ignore=shutil.ignore_patterns("recordings"))
    rig.edit("dialplans/main.yaml", "flow: main", "flow: [main")
    live = rig.begin()
    assert "the last good one is live" in (live.problem or "")
    rig.edit("dialplans/main.yaml", "flow: [main", "flow: main")
    assert (await live.reload()).accepted
    assert not (rig.settings.state / "last-good").exists()
    rig.edit("dialplans/main.yaml", "flow: main", "flow: [main")
    assert rig.begin().now()[0].version == live.version, "by now the last version is what is good"


def test_only_what_every_caller_can_hear_may_be_announced(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    live = rig.begin()
    assert "welcome" not in live.announceable(), "no sound has been made here"
    monkeypatch.setattr(Catalogue, "silent", lambda _self, language: ["goodbye"] if language == "tt" else [])
    assert "welcome" in live.announceable()
    assert "goodbye" not in live.announceable(), "Tatar has none"
    assert "your-ticket-number" not in live.announceable(), "it takes a number"
