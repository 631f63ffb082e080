"""Asterisk's configuration, generated: one file of ours for one of Asterisk's."""
