"""The real router under a virtual clock: calls, patience, conversations and shifts of a scenario, and what came of it.

Pure: the seed is an argument. The same seed gives every call the same arrival, conversation and patience whatever the
roster and the rules are (common random numbers), so that two scenarios differ by what was changed and not by chance.
"""
