"""Spoken numbers and dates: one language a file, found by being here."""
