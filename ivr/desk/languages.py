"""Which language an answer is in: the best that the client accepts, Russian when it says nothing that we speak."""

from __future__ import annotations

LANGUAGES = ("ru", "en", "tt")
"""Languages of the API's texts; the first is the default."""

_LIMIT = 20


def chosen(accept: str) -> str:
    """The language for this Accept-Language header (RFC 9110, 12.5.4)."""
    wanted = [_weighed(part) for part in accept.split(",", _LIMIT)[:_LIMIT]]
    known = [(weight, language) for weight, language in wanted if language in LANGUAGES and weight > 0]
    return max(known, key=lambda pair: pair[0])[1] if known else LANGUAGES[0]


def _weighed(part: str) -> tuple[float, str]:
    tag, _, parameter = part.strip().partition(";")
    name, _, value = parameter.strip().partition("=")
    try:
        weight = float(value) if name.strip() == "q" else 1.0
    except ValueError:
        weight = 0.0
    return weight, tag.strip().lower().partition("-")[0]
