"""The supervisor's wallboard and console."""
