"""Why the dialer dialled as it did: the audit log of pacing, minute by minute."""
