"""``python -m ivr``: the same as the command ``ivr``."""

from ivr.cli import main

main()
