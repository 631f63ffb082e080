"""Tickets and the other rows that outlive a call."""
