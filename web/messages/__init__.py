"""Fallback messages and their delivery."""
