"""A caller's page calls, an operator's rings, pops, answers; each hears the other. Real Chromium, real Asterisk."""

import asyncio
import os
import re
import time
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from ivr.pages.build import modules
from tests.e2e.browser import browser, hears
from tests.e2e.hotline import PROJECT, Hotline
from tests.e2e.operators import SPEAKS_RUSSIAN

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

CALLERS, OPERATORS = 440.0, 1000.0
PASSWORD = "correct horse"


async def signed_in(page: Page, line: Hotline, id: str) -> None:
    await page.goto(f"http://127.0.0.1:{line.http_port}/desk")
    await page.get_by_label("Имя для входа").fill(id)
    await page.get_by_label("Пароль").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("На связи", exact=False).first).to_be_visible()


async def on_shift(page: Page) -> None:
    await page.get_by_role("button", name="Начать смену").click()
    await expect(page.locator("[data-phone=true]")).to_be_visible()
    await expect(page.locator("[data-state=ready]")).to_be_visible()


async def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page for people with disabilities (WCAG 2.2 AA)."""
    axe = await asyncio.to_thread((modules() / "node_modules/axe-core/axe.min.js").read_text)
    await page.evaluate(axe)
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = await page.evaluate("rules => axe.run({runOnly: rules})", rules)
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found["violations"]]


async def picture(page: Page, name: str) -> None:
    """docs/pages/NAME.png where the test is asked to renew it (KOMMUTATOR_PICTURES=1), else into nothing."""
    shown = await page.screenshot()
    assert shown.startswith(b"\x89PNG")
    if os.environ.get("KOMMUTATOR_PICTURES"):
        (PROJECT / "docs/pages").mkdir(exist_ok=True)
        (PROJECT / "docs/pages" / f"{name}.png").write_bytes(shown)


async def hired(line: Hotline, id: str, name: str) -> None:
    """Somebody who signs in and serves."""
    await line.ask("POST", "/operators", {"id": id, "name": name, "skills": SPEAKS_RUSSIAN, "password": PASSWORD})
    words = ("user", "add", id, "--role", "operator", "--name", name, "--password-stdin")
    await asyncio.to_thread(line.ivr, *words, typed=f"{PASSWORD}\n")


async def notices(page: Page) -> None:
    """The page sees itself behind another window, and its notices to the system are kept in ``noticed``."""
    await page.evaluate(
        """() => {
          document.hasFocus = () => false;
          window.noticed = [];
          window.Notification = class {
            static permission = "granted";
            constructor(title, more) { window.noticed.push(`${title}: ${more.body}`); }
            close() { window.noticed.push("closed"); }
          };
        }"""
    )


async def test_a_caller_and_an_operator_talk_from_page_to_page(line: Hotline, tmp_path: Path) -> None:
    await hired(line, "vera", "Вера")
    async with browser(tmp_path / "desk", OPERATORS) as desk, browser(tmp_path / "phone", CALLERS) as phone:
        await signed_in(desk, line, "vera")
        assert await violations(desk) == []
        await notices(desk)
        await on_shift(desk)
        await phone.goto(f"http://127.0.0.1:{line.http_port}/phone")
        assert await violations(phone) == []
        await picture(phone, "phone")
        await phone.get_by_role("button", name="Позвонить").click()
        await expect(phone.locator("[data-stage=talking]")).to_be_visible()
        await phone.get_by_role("button", name="0", exact=True).click()

        await expect(desk.locator("section[data-stage=ringing]")).to_be_visible(timeout=30_000)
        await expect(desk.locator(".pop .number")).to_have_text("+79161234567")
        await expect(desk.locator(".pop")).not_to_contain_text("main.")
        await expect(desk.locator(".queues")).to_contain_text("Технические вопросы")
        await expect(desk).to_have_title(re.compile(r"^\(1\)"))
        await desk.wait_for_function("window.noticed.includes('Входящий звонок: +79161234567')")
        assert await violations(desk) == []
        await picture(desk, "desk")
        await desk.keyboard.press("a")
        began = time.monotonic()
        await expect(desk.locator("section[data-stage=talking]")).to_be_visible()
        assert time.monotonic() - began < 5
        await hears(desk, CALLERS)
        await hears(phone, OPERATORS)
        await expect(desk).not_to_have_title(re.compile(r"^\(1\)"))
        assert await desk.evaluate("window.noticed.at(-1)") == "closed"

        await desk.get_by_role("button", name="Выйти").click()
        await expect(desk.get_by_role("alert")).to_contain_text("Сначала закончите разговор")
        await desk.get_by_role("button", name="Закончить смену").click()
        await expect(desk.locator("[data-pause='shift ended']")).to_contain_text("смена закончена")
        assert (await line.ask("GET", "/operators/vera"))["not_ready_after_call"] == "shift ended"
        await hears(phone, OPERATORS)

        await desk.keyboard.press("r")
        await expect(desk.locator("section[data-stage=idle]")).to_be_visible()
        await desk.get_by_label("Итог", exact=False).select_option(index=1)
        await desk.get_by_role("button", name="Сохранить итог").click()
        await expect(desk.locator(".wrap-up")).to_have_count(0)
        await expect(desk.get_by_role("button", name="Начать смену")).to_be_visible()
        vera = await line.ask("GET", "/operators/vera")
        assert (vera["state"], vera["reason"]) == ("not-ready", "shift ended")
    [ticket] = [each for each in (await line.ask("GET", "/tickets"))["tickets"] if each["operator"] == "vera"]
    whole = await line.ask("GET", f"/tickets/{ticket['number']}")
    assert whole["wrap_ups"][0]["by"] == "Вера"
    await line.ask("DELETE", "/operators/vera")


async def changes_a_key(page: Page) -> None:
    """By keyboard: ? shows the keys, a taken one is refused, a free one is kept by the browser."""
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("?")
    await page.locator("[data-act=answer] button").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("h")
    await expect(page.get_by_text("занята", exact=False)).to_be_visible()
    await page.keyboard.press("z")
    await expect(page.locator("[data-act=answer] kbd")).to_have_text("Z")
    assert await violations(page) == []
    assert '"answer":"KeyZ"' in await page.evaluate("localStorage.getItem('desk-keys')")
    await page.get_by_role("button", name="Вернуть обычные клавиши").click()
    await expect(page.locator("[data-act=answer] kbd")).to_have_text("A")
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("?")
    await expect(page.locator("[data-act]")).to_have_count(0)


async def test_the_desk_in_three_languages_by_keyboard_and_a_second_tab_that_is_warned(
    line: Hotline, tmp_path: Path
) -> None:
    await hired(line, "zoya", "Зоя")
    async with browser(tmp_path / "desk", OPERATORS) as desk:
        await signed_in(desk, line, "zoya")
        for language, heading in (("en", "Operator's desk"), ("tt", "Оператор эш урыны"), ("ru", "Рабочее место")):
            await desk.get_by_role("combobox").select_option(language)
            await expect(desk.locator("h1")).to_contain_text(heading)
            await expect(desk.locator("html")).to_have_attribute("lang", language)
            assert await violations(desk) == []
        start = desk.get_by_role("button", name="Начать смену")
        for _ in range(6):
            if await start.evaluate("it => it === document.activeElement"):
                break
            await desk.keyboard.press("Tab")
        await desk.keyboard.press("Enter")
        await expect(desk.locator("[data-phone=true]")).to_be_visible()
        await changes_a_key(desk)
        second = await desk.context.new_page()
        await second.goto(f"http://127.0.0.1:{line.http_port}/desk")
        await second.get_by_role("button", name="Начать смену").click()
        await expect(second.get_by_role("alert")).to_contain_text("в другой вкладке")
        await expect(desk.locator("[data-phone=true]")).to_be_visible()
        await desk.get_by_role("button", name="Выйти").click()
        await expect(desk.get_by_label("Пароль")).to_be_visible()
        zoya = await line.ask("GET", "/operators/zoya")
        assert (zoya["state"], zoya["reason"]) == ("not-ready", "shift ended")
    await line.ask("DELETE", "/operators/zoya")
