from __future__ import annotations

from ivr.digits import Match, match


def test_an_entry_is_incomplete_complete_or_invalid() -> None:
    assert match("", (8, 9)) is Match.INCOMPLETE
    assert match("12345678", (8, 9)) is Match.INCOMPLETE
    assert match("123456789", (8, 9)) is Match.COMPLETE
    assert match("1234567890", (8, 9)) is Match.INVALID
    assert match("12a", (8,)) is Match.INVALID
