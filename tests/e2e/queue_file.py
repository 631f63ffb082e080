"""What queues.yaml says of one queue, said otherwise: over however many lines it is written there."""

import re


def changed(text: str, queue: str, says: str | None) -> str:
    """The file with this said of the queue, or without the queue. ``text``: of queues in braces."""
    entry = rf"^  {queue}: \{{.*?\}}\n(?=  \S|\Z)"
    text, times = re.subn(entry, "" if says is None else f"  {queue}: {says}\n", text, flags=re.DOTALL | re.MULTILINE)
    assert times == 1, f"{queue} is not written so in queues.yaml"
    return text
