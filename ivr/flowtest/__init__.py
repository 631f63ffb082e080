"""Example calls as tests: YAML beside the flows, run on the real session and router while a virtual clock jumps."""
