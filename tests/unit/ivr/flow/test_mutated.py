"""Broken files: read as they say, or refused with the mend; the long run is ``python -m bench.mutations``."""

from __future__ import annotations

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.mutations import EDITS, TOKENS, Edit, edited, judged, originals
from ivr.flow.loader import parse

FILES = originals()

KEYS = st.from_regex(r"[a-z]{1,6}-", fullmatch=True)

edits = st.builds(
    Edit,
    st.sampled_from(EDITS),
    st.integers(0, 1 << 20),
    st.integers(1, 6),
    st.sampled_from(TOKENS) | st.binary(max_size=8),
)

words = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x24F, exclude_categories=("Cc", "Cf")), max_size=12)

values = st.recursive(
    words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=300, deadline=2000)
@given(st.sampled_from(FILES), st.lists(edits, min_size=1, max_size=5))
def test_a_mutated_file_is_read_as_it_says_or_refused_with_its_mend(original: bytes, changes: list[Edit]) -> None:
    assert judged(edited(original, changes)) in ("read", "read alone", "refused")


@settings(max_examples=200, deadline=2000)
@given(st.dictionaries(KEYS, values, min_size=1, max_size=4), st.booleans())
def test_what_is_written_in_quotes_is_what_is_read(data: dict[str, object], flow: bool) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, default_style="'", default_flow_style=flow, width=60)
    assert parse(text.encode(), "f.yaml").data == data
