"""Schema versions, run by dialer.store.schema."""
