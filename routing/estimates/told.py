"""What a waiting caller has been told, and why they may be told more than before."""

from __future__ import annotations

from dataclasses import dataclass

from routing.estimates.calibration import Forecast


@dataclass(frozen=True, slots=True)
class Told:
    """The rest of a wait (s): as likely longer as shorter than ``p50``, longer than ``p90`` in one case of ten.

    ``ahead``, ``able``: on what it rests, the most that was had so far. It is more than was told before only where so
    many ``more_ahead`` go first now, or ``fewer_able`` operators are left who can take the call; else both are 0.
    """

    p50: float
    p90: float
    ahead: int
    able: int
    more_ahead: int = 0
    fewer_able: int = 0

    @property
    def rose(self) -> bool:
        """Whether it is more than was told before."""
        return bool(self.more_ahead or self.fewer_able)

    @classmethod
    def after(cls, before: Told | None, forecast: Forecast, *, ahead: int, able: int) -> Told:
        """What is told next: never more than before, unless somebody was put ahead or operators went."""
        if before is None:
            return cls(forecast.p50, forecast.p90, ahead, able)
        more, fewer = max(0, ahead - before.ahead), max(0, before.able - able)
        if forecast.p50 > before.p50 and (more or fewer):
            return cls(forecast.p50, forecast.p90, ahead, able, more, fewer)
        p50, p90 = min(before.p50, forecast.p50), min(before.p90, forecast.p90)
        return cls(p50, max(p50, p90), min(ahead, before.ahead), max(able, before.able))
