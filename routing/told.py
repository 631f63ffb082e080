"""What a waiting caller has been told, and why they may be told more than before."""

from __future__ import annotations

from dataclasses import dataclass

from routing.calibration import Forecast


@dataclass(frozen=True, slots=True)
class Told:
    """The rest of a wait (s): as likely longer as shorter than ``p50``, longer than ``p90`` in one case of ten.

    ``why``: why it is more than before; "" when it is not. ``ahead``, ``able``: on what it rested.
    """

    p50: float
    p90: float
    ahead: int
    able: int
    why: str = ""

    @classmethod
    def after(cls, before: Told | None, forecast: Forecast, *, ahead: int, able: int) -> Told:
        """What is told next: never more than before, unless somebody was put ahead or operators went."""
        if before is None:
            return cls(forecast.p50, forecast.p90, ahead, able)
        if forecast.p50 > before.p50 and (ahead > before.ahead or able < before.able):
            return cls(forecast.p50, forecast.p90, ahead, able, _why(before, ahead, able))
        p50, p90 = min(before.p50, forecast.p50), min(before.p90, forecast.p90)
        return cls(p50, max(p50, p90), min(ahead, before.ahead), max(able, before.able))


def _why(before: Told, ahead: int, able: int) -> str:
    reasons = []
    if ahead > before.ahead:
        reasons.append(f"{ahead - before.ahead} more go before this call")
    if able < before.able:
        reasons.append(f"{able} operators can take it instead of {before.able}")
    return ", ".join(reasons)
