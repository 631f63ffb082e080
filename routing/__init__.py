"""Who takes the next call. Knows nothing of telephony."""
