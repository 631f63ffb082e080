"""The router: pure, event in, decisions out; the clock and chance are arguments."""
