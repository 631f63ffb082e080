"""The rules of escalation as an admin writes them: read, or refused with the place and the mend."""

import pytest

from ivr.flow.checks import examine
from ivr.flow.escalation import Rule
from ivr.flow.service import load
from ivr.flow.term import Term
from ivr.messages import told
from tests.unit.small import written

ABOUT = """kinds: {reference: 24h}
sections: {payments: {names: {ru: а, en: a, tt: ә}, kind: reference}}
escalation:
"""
NODES = "to: {queue: general, section: payments}"


def config(folder, *rules):
    made = written(folder / "config", NODES)
    (made / "sections.yaml").write_text(ABOUT + "".join(f"  {rule}\n" for rule in rules), "utf-8")
    return made


def test_rules_are_read_in_their_order(tmp_path):
    read = load(
        config(
            tmp_path,
            "late: {to: senior}",
            "later: {after: 24h, to: head-of-group, priority: 3}",
            "last: {after: 2 working days, to: profile-department, priority: 0}",
        )
    )
    assert read.sections.escalation == (
        Rule("late", "senior"),
        Rule("later", "head-of-group", Term(24, in_days=False), 3),
        Rule("last", "profile-department", Term(2, in_days=True), 0),
    )


HOURS = "late: {after: 4h, to: senior}"


@pytest.mark.parametrize(
    ("rules", "line", "english", "russian"),
    [
        ([HOURS, "more: {after: 8h, to: senior}"], 5, "hands requests up to senior already", "укажите уровень выше"),
        (["a: {to: profile-department}", "b: {after: 8h, to: senior}"], 5, "nobody is above", "выше никого нет"),
        ([HOURS, "more: {after: 4h, to: head-of-group}"], 5, "does not come later than the rule late", "больший срок"),
        ([HOURS, "more: {to: head-of-group}"], 5, "a longer time in 'after'", "правила late, у которого after — 4h"),
        (
            ["late: {after: 1 working day, to: senior}", "more: {after: 200h, to: head-of-group}"],
            5,
            "working days after hours",
            "рабочие дни после часов",
        ),
        (["late: {after: soon, to: senior}"], 4, "no deadline: 'soon'", "это не срок: «soon»"),
        (["late: {to: seniour}"], 4, "senior", "senior"),
        (["late: {to: senior, priority: 10}"], 4, "9", "9"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_mend(tmp_path, rules, line, english, russian):
    found, problems = examine(config(tmp_path, *rules))
    (wrong,) = [problem for problem in problems if problem.severity == "error"]
    assert found is None and (wrong.file, wrong.line) == ("sections.yaml", line)
    for language, words in (("en", english), ("ru", russian)):
        assert words in f"{told(wrong.reason, language)}: {told(wrong.mend, language)}"
