"""Calls of other systems: delivery reports of messages, and messages that people send."""
