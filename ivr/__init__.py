"""Kommutator: what happens to a call, from the first ring to the ticket."""
