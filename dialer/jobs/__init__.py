"""Work that may wait and may be repeated: imports, messages, exports. RQ tasks; arguments are ids."""
