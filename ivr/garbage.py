"""When Python looks for garbage in circles: never through all that was made at the start.

A full collection of the engine's 400,000 objects took 100 to 170 ms (seen), in which no call is served and keys typed
ahead are lost. Nearly all of them are code, models and tables that live as long as the process.
"""

from __future__ import annotations

import gc


def settle() -> None:
    """Collect once, and pass over everything that lives now from here on; for the end of a start.

    What is freed later is still freed: only circles among these objects would stay.
    """
    gc.collect()
    gc.freeze()
