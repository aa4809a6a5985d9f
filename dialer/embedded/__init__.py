"""The servers that come along: a real PostgreSQL and a real Redis below one folder.

Used when no DATABASE_URL or REDIS_URL is given. Several processes may attach to the same folder;
the last one that lets go stops the servers. A process that died is forgotten at the next attach.
"""

from dialer.embedded.attach import EmbeddedServers, attach

__all__ = ["EmbeddedServers", "attach"]
