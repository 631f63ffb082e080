"""Scenarios for ``ivr simulate``: as an admin writes them, or as yesterday was."""
