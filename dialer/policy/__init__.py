"""Decisions: pure functions from a picture to a decision with its reason."""
