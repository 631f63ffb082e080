"""What callers ask about: read from sections.yaml, checked against the flows, and carried through a call."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ivr.calllog.events import SectionChosen
from ivr.flow.checks import examine
from ivr.flow.problem import Problem, Problems
from ivr.flow.service import Service, load
from ivr.settings import PROJECT
from ivr.tickets.rows import ticket_row
from tests.unit.scripted import walk
from tests.unit.small import written

KINDS = "kinds: {reference: 24h, application: 3-7 working days}\n"
NAMES = "names: {ru: а, en: a, tt: ә}"
PAYMENTS = KINDS + f"sections:\n  payments:\n    {NAMES}\n    kind: application\n    categories:\n"
PAY = f"      pay: {{{NAMES}, kind: reference}}\n"

DOMAIN = {
    "technical": ["site-fault", "app-problem", "form-error"],
    "registration": ["create-account", "recover-password", "confirm-identity"],
    "payments": ["pay", "payment-status", "dispute-fine"],
    "documents": ["register-extract", "passport-copy", "income-certificate"],
    "account": ["update-data", "notifications", "request-history"],
    "feedback": ["complaint", "suggestion", "general-question"],
}


@pytest.fixture(scope="module")
def shipped() -> Service:
    return load(PROJECT)


def fault(folder: Path, sections: str | None, nodes: str = "to: {queue: general, category: pay}") -> Problem:
    """The one thing that is wrong."""
    config = written(folder / "config", nodes)
    if sections is None:
        (config / "sections.yaml").unlink()
    else:
        (config / "sections.yaml").write_text(sections, "utf-8")
    found, problems = examine(config)
    wrong = [problem for problem in problems if problem.severity == "error"]
    assert found is None and len(wrong) == 1, wrong
    return wrong[0]


def test_the_hotlines_sections_and_categories_are_shipped(shipped: Service) -> None:
    sections = shipped.sections.sections
    assert {name: list(section.categories) for name, section in sections.items()} == DOMAIN
    for named in (*sections.values(), *shipped.sections.categories.values()):
        assert set(named.names) == {"ru", "en", "tt"}


@pytest.mark.parametrize(
    ("section", "category", "term"),
    [
        ("technical", "", "24h"),
        ("payments", "", "7 working days"),
        ("payments", "pay", "24h"),
        ("payments", "dispute-fine", "10 working days"),
        ("documents", "income-certificate", "3 working days"),
        ("feedback", "complaint", "10 working days"),
        ("feedback", "general-question", "24h"),
        ("", "", ""),
    ],
)
def test_the_term_is_the_categorys_else_the_sections(shipped: Service, section: str, category: str, term: str) -> None:
    assert shipped.sections.term(section, category) == term


@pytest.mark.parametrize(
    ("sections", "nodes", "reason", "mend"),
    [
        (PAYMENTS + PAY, "to: {queue: general, category: pai}", "no such category", "did you mean 'pay'?"),
        (PAYMENTS + PAY, "to: {queue: general, section: payment}", "no such section", "did you mean 'payments'?"),
        (None, "to: {queue: general, section: payments}", "no such section", "add it to sections.yaml"),
        (
            f"{PAYMENTS}{PAY}  account: {{{NAMES}, kind: reference}}\n",
            "to: {queue: general, section: account, category: pay}",
            "'pay' is in another section",
            "write 'section: payments'",
        ),
        (
            f"{PAYMENTS}{PAY}  account: {{{NAMES}, kind: reference, categories: {{pay: {{{NAMES}}}}}}}\n",
            "to: {queue: general}",
            "the section 'payments' has a category of this name already",
            "otherwise",
        ),
        (PAYMENTS + PAY.replace("reference", "referense"), "to: {queue: general}", "no kind", "'reference'?"),
        (PAYMENTS + PAY.replace("kind: reference", "deadline: 9 working days"), "to: {queue: general}", "within", "7"),
        (PAYMENTS + PAY.replace("kind: reference", "deadline: 24h"), "to: {queue: general}", "within", "7"),
        (PAYMENTS + PAY.replace("kind: reference", "deadline: 2-3h"), "to: {queue: general}", "no deadline", "3h"),
        (PAYMENTS.replace("3-7", "7-3") + PAY, "to: {queue: general}", "no deadline", "the shorter term first"),
        (PAYMENTS.replace("24h", "soon") + PAY, "to: {queue: general}", "no deadline: 'soon'", "write 24h"),
        (PAYMENTS + PAY.replace(", tt: ә", ""), "to: {queue: general}", "no name in 'tt'", "add 'tt: …'"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_mend(
    tmp_path: Path, sections: str | None, nodes: str, reason: str, mend: str
) -> None:
    found = fault(tmp_path, sections, nodes)
    assert reason in found.reason
    assert mend in found.mend
    assert found.column > 1


async def test_a_call_about_a_category_is_promised_its_date(tmp_path: Path) -> None:
    config = written(
        tmp_path / "config",
        """
        ask: {menu: main, keys: {1: fine, 0: operator}, otherwise: operator}
        fine: {play: welcome, category: dispute-fine, then: wait}
        wait: {queue: general, section: payments, otherwise: bye}
        """,
    )
    walked = await walk(load(config), "1", tmp_path)
    state = walked.call.state
    assert (state.section, state.category, state.term) == ("payments", "dispute-fine", "10 working days")
    assert len(walked.log.of(SectionChosen)) == 1, "the same section again makes the category no less known"
    row = ticket_row(state)
    assert (row["category"], row["expected_on"] > date(2020, 1, 1)) == ("dispute-fine", True)


def test_another_section_makes_the_category_unknown(shipped: Service) -> None:
    node = shipped.flows["technical"].nodes["to-technical"]
    assert shipped.sections.after(node, "payments", "pay") == ("technical", "")
    assert shipped.sections.after(node, "technical", "site-fault") == ("technical", "site-fault")


def test_a_file_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    config = written(tmp_path / "config", "to: {queue: general}")
    (config / "sections.yaml").write_text(PAYMENTS + PAY.replace("kind:", "knid:"), "utf-8")
    with pytest.raises(Problems, match="did you mean 'kind'"):
        load(config)
