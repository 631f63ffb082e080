"""Measurements, each a command that runs what it compares with in the same go: ``python -m bench.calls``."""
