"""What may be supposed, in both languages; and what is told of what may not."""

import pytest

from ivr.why.known import Known
from ivr.why.supposed import SuppositionRefused, supposed
from routing.explain.suppose import Chose, Had, Needed, Priority, Took, Waited, Were

KNOWN = Known(frozenset({"op7", "anna"}), frozenset({"payments"}), frozenset({"tt"}), frozenset({"technical"}))


@pytest.mark.parametrize(
    ("english", "russian", "meant"),
    [
        ("op7 had payments:3", "у op7 было payments:3", Had("op7", "payments", 3)),
        ("op7 had no payments", "у op7 не было payments", Had("op7", "payments", 0)),
        ("op7 spoke tt", "op7 говорила на tt", Had("op7", "language.tt", 5)),
        ("op7 served technical", "op7 обслуживал technical", Had("op7", "queue.technical", 1)),
        ("op7 were ready", "op7 был готов", Were("op7", ready=True)),
        ("op7 was away", "op7 отсутствовала", Were("op7", ready=False)),
        ("op7 was not ready", "op7 был не готов", Were("op7", ready=False)),
        ("op7 had not refused", "op7 не отказался", Took("op7")),
        ("The call needed payments:2", "Звонку требовалось payments:2", Needed("payments", 2)),
        ("the call needed no payments", "звонку не требовалось payments", Needed("payments", 0)),
        ("the call had priority -5", "у звонка был приоритет -5", Priority(-5)),
        ("the call had waited 3m", "звонок ждал 3м", Waited(180.0)),
        ("the queue chose best-skilled", "очередь выбирала best-skilled", Chose("best-skilled")),
    ],
)
def test_each_can_be_said_in_english_and_in_russian(english, russian, meant):
    assert supposed([english], KNOWN) == supposed([russian], KNOWN) == (meant,)


def test_several_combine():
    both = (Had("op7", "payments", 3), Were("anna", ready=False))
    assert supposed(["op7 had payments:3", "anna were away"], KNOWN) == both
    assert supposed(["op7 had payments:3 and anna were away"], KNOWN) == both
    assert supposed(["у op7 было payments:3 и anna отсутствовала"], KNOWN) == both


@pytest.mark.parametrize(
    ("written", "refused"),
    [
        ("op8 had payments:3", "there is no operator 'op8': did you mean 'op7'?"),
        ("op7 had paymens:3", "there is no skill 'paymens': did you mean 'payments'?"),
        ("op7 had payments:6", "a level is 0 to 5, not 6"),
        ("op7 spoke xx", "there is no language or queue 'xx': use one of: technical, tt"),
        ("the queue chose best", "there is no strategy 'best'"),
        ("the call had priority 500", "a priority is -100 to 100, not 500"),
        ("the call had waited long", "'long' is no length of time: write 20s, 3m or 1h"),
        ("nonsense", "'nonsense' cannot be supposed: write 'op7 had payments:3'"),
        ("op7 had payments:3;" * 21, "at most 20 suppositions at once"),
    ],
)
def test_what_cannot_be_is_refused_with_its_mend(written, refused):
    with pytest.raises(SuppositionRefused) as told:
        supposed([written], KNOWN)
    assert refused in told.value.args[0]
    assert told.value.args[0].told("ru") != told.value.args[0]
