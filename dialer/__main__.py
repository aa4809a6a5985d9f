"""Entry point of the `relance` command. Decides whether this process is a gevent one, first."""

import sys

GEVENT_PROCESSES = frozenset({"controller", "web", "switch", "desks", "sms-stand-in"})
"""These wait on many sockets at once; workers stay plain, since COPY refuses green connections."""


def main() -> None:
    """Patch if this process needs it, then hand over to the command line."""
    if sys.argv[1:2] and sys.argv[1] in GEVENT_PROCESSES:
        from gevent import monkey

        monkey.patch_all()
        from psycogreen.gevent import patch_psycopg

        patch_psycopg()
    from dialer.run.cli.root import relance

    relance()


if __name__ == "__main__":
    main()
