"""What callers hear: texts, voices, spoken numbers and dates."""
