"""Login, logout and language."""
