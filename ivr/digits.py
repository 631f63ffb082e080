"""Pure matching of keys against what is expected: incomplete, complete, invalid."""
