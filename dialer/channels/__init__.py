"""Digital channels: one file per provider, all behind the interface of base.py."""
