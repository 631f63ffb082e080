"""Calls walked on the shipped service."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.calllog.events import (
    Ended,
    Identified,
    LanguageChosen,
    LineChosen,
    MessageLeft,
    NodeEntered,
    Resumed,
    SectionChosen,
    TicketAsked,
    Unidentified,
)
from ivr.channel import CallerGone, QueueResult
from ivr.flow.service import Service, load
from ivr.session import Session
from ivr.settings import PROJECT
from tests.unit.scripted import (
    TICKET,
    EagerCaller,
    Requests,
    ScriptedCaller,
    begin,
    names,
    taken_up,
    walk,
)

SNILS = "11223344595"
ASKED = "15111"
"""Keys up to the question for the SNILS: language, other matters, technical, the site does not work, an operator."""
AFTERWARDS = [
    "operator.operator",
    "operator.after-talk",
    "after-talk.number",
    "after-talk.rating",
    "after-talk.goodbye",
]
T = QueueResult.TIMEOUT


@pytest.fixture(scope="session")
def service() -> Service:
    return load(PROJECT)


async def test_from_the_greeting_to_an_operator_and_goodbye(service: Service, tmp_path: Path) -> None:
    walked = await walk(service, f"{ASKED}{SNILS}1", tmp_path)
    assert walked.end == "answered"
    assert walked.caller.heard[0] == "Здравствуйте! Это горячая линия государственных услуг."
    assert walked.path[:4] == ["regional.region", "regional.hotline", "regional.language", "regional.main"]
    assert walked.request.needs == {"technical": 2, "language.ru": 1}
    assert walked.call.state.section == "technical"
    assert walked.memory.known == {"+79160000000": "ru"}
    assert walked.caller.played[-3:] == ["your-ticket-number", "rate-call", "goodbye"]
    assert "Ваш СНИЛС: 112 233 445 95. Верно — один. Ввести заново — два." in walked.caller.heard
    assert [event.kind for event in walked.log.of(Identified)] == ["snils"]


async def test_typed_ahead_keys_stop_the_greeting_and_answer_the_questions(service: Service, tmp_path: Path) -> None:
    walked = await walk(service, EagerCaller("20"), tmp_path)
    assert walked.request.needs == {"language.en": 1}
    assert walked.caller.heard[:1] == ["Здравствуйте! Это горячая линия государственных услуг."]


async def test_tatar_comes_first_in_tatarstan(service: Service, tmp_path: Path) -> None:
    walked = await walk(service, "10", tmp_path, dialled="8 800 555-35-38")
    assert walked.caller.heard[0].startswith("Исәнмесез!")
    assert walked.caller.heard[1].startswith("Татарча")
    assert walked.request.needs == {"language.tt": 1}


async def test_a_remembered_language_is_not_asked_for_but_can_be_changed(service: Service, tmp_path: Path) -> None:
    walked = await walk(service, "5420", tmp_path, remembered="tt")
    asked = [name for name in walked.caller.played if name == "choose-language"]
    assert walked.caller.played[:2] == ["welcome", "main"]
    assert len(asked) == 3
    assert walked.request.needs == {"language.en": 1}


async def test_zero_reaches_a_person_from_every_menu_and_entry(service: Service, tmp_path: Path) -> None:
    for keys in (
        "0",
        "10",
        "150",
        "1510",
        "15110",
        f"{ASKED}0#",
        f"{ASKED}0_",
        "110#",
        f"11{TICKET}#0",
        f"11{TICKET}#10",
        "1540",
    ):
        walked = await walk(service, keys, tmp_path)
        assert walked.request.queue in ("general", "technical"), keys
        assert walked.end == "answered", keys


async def test_star_goes_back_to_the_menu_before(service: Service, tmp_path: Path) -> None:
    walked = await walk(service, f"11{TICKET}#1*0", tmp_path)
    assert "main.main" in walked.path[-10:]
    assert walked.path[-5:] == AFTERWARDS
    walked = await walk(service, "1**0", tmp_path)
    assert walked.path[3:7] == ["regional.main", "main.main", "main.main", "main.main"]


async def test_nine_repeats_and_three_silences_reach_a_person(service: Service, tmp_path: Path) -> None:
    walked = await walk(service, "199___", tmp_path)
    assert walked.caller.played.count("main") == 5
    assert walked.caller.uninterrupted.count("no-key") == 2
    assert walked.request.queue == "general"


async def test_a_wrong_key_is_told_in_words_that_cannot_be_interrupted(service: Service, tmp_path: Path) -> None:
    walked = await walk(service, "1#0", tmp_path)
    assert "wrong-key" in walked.caller.uninterrupted
    assert "Такого пункта нет." in walked.caller.heard


class TestIdentification:
    async def test_wrong_length_and_wrong_check_sum_are_told_apart(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, f"{ASKED}1122334459#11223344596{SNILS}1", tmp_path)
        errors = [name for name in walked.caller.uninterrupted if name.startswith("snils")]
        assert errors == ["snils-wrong-length", "snils-wrong-check"]
        assert len(walked.log.of(Identified)) == 1

    async def test_a_hash_out_of_habit_after_the_last_digit_skips_nothing(
        self, service: Service, tmp_path: Path
    ) -> None:
        walked = await walk(service, f"{ASKED}11223344596#{SNILS}#1", tmp_path)
        assert "snils-wrong-check" in walked.caller.uninterrupted
        assert walked.caller.played.count("snils-confirm") == 2
        assert not walked.log.of(Unidentified)
        assert len(walked.log.of(Identified)) == 1

    async def test_skipped(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, f"{ASKED}#", tmp_path)
        assert [event.why for event in walked.log.of(Unidentified)] == ["skipped"]
        assert walked.request.queue == "technical"

    async def test_three_failures_go_on_unidentified(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, f"{ASKED}{'1#' * 3}", tmp_path)
        assert [event.why for event in walked.log.of(Unidentified)] == ["failed"]
        assert walked.request.queue == "technical"
        assert walked.call.state.unidentified == "failed"

    async def test_an_entry_that_begins_with_zero(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, f"{ASKED}001001998001", tmp_path)
        assert [event.kind for event in walked.log.of(Identified)] == ["snils"]

    async def test_two_keys_the_number_again(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, f"{ASKED}{SNILS}2{SNILS}1", tmp_path)
        assert walked.caller.played.count("snils-confirm") == 2
        assert len(walked.log.of(Identified)) == 1

    async def test_star_begins_the_entry_anew_and_alone_goes_back(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, f"{ASKED}112*{SNILS}1", tmp_path)
        assert len(walked.log.of(Identified)) == 1
        walked = await walk(service, f"{ASKED}1122334*{SNILS}1", tmp_path)
        assert len(walked.log.of(Identified)) == 1, "what was keyed after the star is kept, also beyond eleven keys"
        walked = await walk(service, f"{ASKED}{'1*' * 40}", tmp_path)
        assert [event.why for event in walked.log.of(Unidentified)] == ["failed"], "a stuck star holds no line for ever"
        walked = await walk(service, f"{ASKED}*_0", tmp_path)
        assert walked.path.count("technical.site-fault") == 2

    async def test_the_time_limits_of_an_entry(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, f"{ASKED}0_", tmp_path)
        assert walked.caller.waits[5:7] == [5.0, 3.0]
        walked = await walk(service, f"{ASKED}12_", tmp_path)
        assert walked.caller.waits[5:8] == [5.0, 3.0, 3.0]

    async def test_no_digit_is_in_an_event_a_repr_or_the_log(
        self, service: Service, tmp_path: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        walked = begin(service, ScriptedCaller(f"{ASKED}{SNILS}1"), tmp_path)

        def seal(kind: str, value: str) -> Identified:
            raise RuntimeError(f"cannot seal {value}")

        walked.call.vault.seal = seal  # type: ignore[method-assign]
        await Session(service).run(walked.call)
        printed = "".join(capfd.readouterr())
        assert "RuntimeError" in printed
        assert SNILS not in printed + repr(walked.log.events) + repr(walked.call)
        assert walked.request.queue == "technical"


class TestStatus:
    async def test_found(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, f"21{TICKET}#13", tmp_path)
        assert "Status of the request: in progress. Last change: 2026-11-20." in walked.caller.heard
        assert "An answer is expected by: 2026-12-01." in walked.caller.heard
        assert walked.end == "completed"
        assert walked.log.of(TicketAsked)[0].found

    async def test_hanging_up_after_hearing_it_is_no_abandonment(self, service: Service, tmp_path: Path) -> None:
        assert (await walk(service, f"11{TICKET}#1!", tmp_path)).end == "completed"

    async def test_again_and_operator(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, f"11{TICKET}#110", tmp_path)
        assert walked.caller.played.count("request-status") == 2
        assert walked.end == "answered"

    async def test_not_found(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, f"11{TICKET}#1", tmp_path, requests=Requests())
        assert "request-not-found" in walked.caller.played
        assert not walked.log.of(TicketAsked)[0].found
        assert walked.end == "answered"

    async def test_lookup_failed(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, f"11{TICKET}#1", tmp_path, requests=Requests(broken=True))
        assert "lookup-failed" in walked.caller.played
        assert walked.end == "answered"

    async def test_a_mistyped_number_is_caught_at_the_keypad(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, f"11{TICKET + 1}#{TICKET}#13", tmp_path)
        assert "ticket-number-wrong-check" in walked.caller.uninterrupted
        assert walked.end == "completed"


class TestEnds:
    @pytest.mark.parametrize("steps", range(40))
    async def test_hanging_up_at_any_point_gives_one_end(self, service: Service, tmp_path: Path, steps: int) -> None:
        walked = await walk(service, ScriptedCaller(f"{ASKED}{SNILS}1", steps_to_live=steps), tmp_path)
        assert walked.end in ("abandoned-in-menu", "abandoned-in-queue", "answered")

    async def test_abandoned_in_the_menu_the_queue_or_while_ringing(self, service: Service, tmp_path: Path) -> None:
        assert (await walk(service, "1!", tmp_path)).end == "abandoned-in-menu"
        for moment, end in (
            ("waiting", "abandoned-in-queue"),
            ("ringing", "abandoned-while-ringing"),
            ("talking", "answered"),
        ):
            assert (await walk(service, ScriptedCaller("10", gone_while=moment), tmp_path)).end == end

    async def test_nobody_answers_and_the_caller_leaves_a_message(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, ScriptedCaller("10", queue=(T,)), tmp_path)
        assert walked.end == "voice-message"
        (left,) = walked.log.of(MessageLeft)
        assert (tmp_path / left.path).exists()
        assert left.path.endswith(f"/{TICKET}.wav")

    async def test_nothing_said_or_a_full_disk_ends_in_words(self, service: Service, tmp_path: Path) -> None:
        walked = await walk(service, ScriptedCaller("10", queue=(T,), message_seconds=0.2), tmp_path)
        assert walked.caller.played[-1] == "goodbye"
        full = OSError(28, "No space left on device")
        walked = await walk(service, ScriptedCaller("10", queue=(T,), message_seconds=full), tmp_path)
        assert walked.caller.played[-2:] == ["message-failed", "goodbye"]
        assert walked.end == "completed"

    async def test_a_lost_connection_leaves_the_call_to_be_taken_up(self, service: Service, tmp_path: Path) -> None:
        walked = begin(service, ScriptedCaller(f"{ASKED}!", lost=True), tmp_path)
        with pytest.raises(CallerGone):
            await Session(service).run(walked.call)
        assert not walked.log.of(Ended)
        again = taken_up(walked, ScriptedCaller("#"), service)
        await Session(service).run(again.call)
        assert again.caller.played[0] == "snils-ask"
        assert again.end == "answered"


class TestTakenUp:
    async def test_waiting_goes_on_from_its_first_moment(self, service: Service, tmp_path: Path) -> None:
        walked = begin(service, ScriptedCaller("10", gone_while="waiting", lost=True), tmp_path)
        with pytest.raises(CallerGone):
            await Session(service).run(walked.call)
        assert walked.call.state.waiting
        again = taken_up(walked, ScriptedCaller(), service)
        await Session(service).run(again.call)
        assert again.end == "answered"
        assert names(again.log.events).count("Queued") == 2

    async def test_a_conversation_that_is_over_is_not_waited_for_again(self, service: Service, tmp_path: Path) -> None:
        walked = begin(service, ScriptedCaller("10", gone_while="talking", lost=True), tmp_path)
        with pytest.raises(CallerGone):
            await Session(service).run(walked.call)
        assert walked.call.state.answered
        walked.call.state.node = "operator"
        again = taken_up(walked, ScriptedCaller(), service)
        await Session(service).run(again.call)
        assert again.caller.played == ["your-ticket-number", "rate-call", "goodbye"]
        assert again.end == "answered"

    async def test_a_node_at_which_engines_are_lost_is_left_for_the_operator(
        self, service: Service, tmp_path: Path
    ) -> None:
        walked = begin(service, ScriptedCaller("1!", lost=True), tmp_path)
        with pytest.raises(CallerGone):
            await Session(service).run(walked.call)
        for _ in range(2):
            walked.call.log(Resumed(at=1.0, why=""))
        second = taken_up(walked, ScriptedCaller("!", lost=True), service)
        with pytest.raises(CallerGone):
            await Session(service).run(second.call)
        assert second.caller.played, "twice may be chance: the same menu again"
        walked.call.log(Resumed(at=1.0, why=""))
        third = taken_up(walked, ScriptedCaller(), service)
        await Session(service).run(third.call)
        assert third.request.queue == "general"
        assert third.end == "answered"

    async def test_a_rescue_at_which_engines_are_lost_is_left_too(self, service: Service, tmp_path: Path) -> None:
        walked = begin(service, ScriptedCaller(), tmp_path)
        flow = service.flows["operator"]
        walked.call.log(NodeEntered(at=1.0, flow=flow.name, node=flow.rescue))
        for _ in range(3):
            walked.call.log(Resumed(at=1.0, why=""))
        again = taken_up(walked, ScriptedCaller(), service)
        await Session(service).run(again.call)
        assert not again.caller.requests
        assert again.end == "voice-message"

    async def test_star_still_knows_the_menus(self, service: Service, tmp_path: Path) -> None:
        walked = begin(service, ScriptedCaller(f"11{TICKET}#1!", lost=True), tmp_path)
        with pytest.raises(CallerGone):
            await Session(service).run(walked.call)
        again = taken_up(walked, ScriptedCaller("*0"), service)
        await Session(service).run(again.call)
        assert again.caller.played[:2] == ["after-status", "main"]


async def test_an_unknown_number_is_told_so_and_waiting_leads_to_the_all_russia_line(
    service: Service, tmp_path: Path
) -> None:
    walked = await walk(service, "__0", tmp_path, dialled="+7 800 555-99-99")
    assert walked.caller.played[:2] == ["unknown-number", "unknown-number-offer"]
    assert walked.log.of(LineChosen)[0].line == "all-russia"
    assert walked.call.state.region == "all-russia"
    assert walked.request.needs == {"language.ru": 1}


async def test_a_silent_caller_reaches_a_person_on_every_line(service: Service, tmp_path: Path) -> None:
    for line in service.lines.values():
        walked = await walk(service, "", tmp_path, dialled=line.numbers[0])
        assert walked.end == "answered", line.name


async def test_electronic_documents_from_abroad_need_the_documents_skill(service: Service, tmp_path: Path) -> None:
    walked = await walk(service, "111#", tmp_path, dialled="810 7 495 771-30-31")
    assert walked.request.needs == {"documents": 1, "language.ru": 1}
    chosen = [(event.section, event.category) for event in walked.log.of(SectionChosen)]
    assert chosen == [("documents", ""), ("documents", "register-extract")]


async def test_a_language_chosen_is_logged_once(service: Service, tmp_path: Path) -> None:
    walked = await walk(service, "30", tmp_path)
    assert [event.language for event in walked.log.of(LanguageChosen)] == ["tt"]
