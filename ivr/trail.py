"""The menus that a call has passed, which ``*`` leads back to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ivr.flow.target import Place


class Menu(NamedTuple):
    """A menu that was passed, and how many flows had been called by then."""

    place: Place
    depth: int


@dataclass(slots=True)
class Trail:
    """A menu of a flow that has returned is not gone back to: whoever called that flow has moved on."""

    _menus: list[Menu] = field(default_factory=list)

    def entered(self, place: Place, depth: int, *, menu: bool) -> None:
        """The call comes to this place, ``depth`` flows deep; ``menu``: one to come back to."""
        while self._menus and self._menus[-1].depth > depth:
            self._menus.pop()
        if menu and (not self._menus or self._menus[-1].place != place):
            self._menus.append(Menu(place, depth))

    def back(self, place: Place, depth: int) -> Menu:
        """The menu before this place, or this place again."""
        if self._menus and self._menus[-1].place == place:
            self._menus.pop()
        return self._menus.pop() if self._menus else Menu(place, depth)
