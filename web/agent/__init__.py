"""The agent desktop."""
