"""``choose-language``: each language is offered in its own words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from ivr import digits
from ivr.calllog.events import LanguageChosen
from ivr.dialogue import ask, insist, words, words_in
from ivr.flow import target
from ivr.flow.model import LanguageCode, Name, Node, PromptSlots
from ivr.flow.registry import node
from ivr.speech import Language, Number, Speech

if TYPE_CHECKING:
    from ivr.call import Call

ATTEMPTS = 2
"""A second wrong key, and any silence, goes on in the language that greeted them: a menu's key changes it later."""


@node("choose-language")
class ChooseLanguage(Node):
    """Asks once for the language; who chose before, in this call or an earlier one, is not asked again."""

    opens: ClassVar[bool] = True

    choose_language: Literal["line"] | list[LanguageCode] = Field(
        description="the languages in the order offered, or 'line': as the line in regions.yaml has them"
    )
    then: Name = Field(description="the next node")
    again: bool = Field(default=False, description="yes: ask even who chose before (a key of a menu leads here)")
    operator: Name | None = Field(None, description="where 0 leads; by default the flow's rescue")

    async def run(self, call: Call) -> str:
        """``then`` with the language chosen, ``operator`` for 0, ``back`` for ``*``."""
        languages = self._offered(call)
        if len(languages) < 2 or (call.state.language_known and not self.again):
            return "then"
        for attempt in range(ATTEMPTS):
            key = await ask(call, _question(call, languages))
            if key is None:
                return "then"
            if key in (digits.OPERATOR, digits.BACK):
                return "operator" if key == digits.OPERATOR else "back"
            if key.isdigit() and int(key) <= len(languages):
                self._choose(call, languages[int(key) - 1])
                return "then"
            if key not in (digits.END, digits.REPEAT) and attempt + 1 < ATTEMPTS:
                await insist(call, words(call, "wrong-key"))
        return "then"

    def _offered(self, call: Call) -> tuple[Language, ...]:
        return call.offered_languages if self.choose_language == "line" else tuple(self.choose_language)

    def _choose(self, call: Call, language: Language) -> None:
        call.log(LanguageChosen(at=call.now(), language=language))
        if call.state.caller:
            call.languages.remember(call.state.caller, language)

    def edges(self) -> dict[str, str]:
        """The next node, a person, and back."""
        return {"then": self.then, "operator": self.operator or target.RESCUE, "back": target.BACK}

    def silent(self) -> Iterable[str]:
        """Silence goes on."""
        return ("then",)

    def languages(self) -> Iterable[Language]:
        """Those of its list."""
        return () if self.choose_language == "line" else self.choose_language

    def prompts(self) -> PromptSlots:
        """The question, in each language its own, and the error."""
        return {"choose-language": ("key",), "wrong-key": ()}


def _question(call: Call, languages: tuple[Language, ...]) -> Speech:
    """``For English press two``, each in its own language; the key is its place."""
    speech: Speech = ()
    for key, language in enumerate(languages, 1):
        speech += words_in(call, language, "choose-language", key=Number(key))
    return speech
