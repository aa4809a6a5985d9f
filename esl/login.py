"""From an open socket to a connection that may be used: greeting, password, subscriptions."""

from __future__ import annotations

from collections.abc import Iterable

from esl.commands import Auth, Command
from esl.errors import AuthRejected, CommandFailed
from esl.link import Link
from esl.messages import Reply


def log_in(link: Link, auth: Auth, wishes: Iterable[Command], deadline_s: float) -> Reply:
    """The switch's answer to the password; each step may take `deadline_s` seconds.

    Raises AuthRejected, CommandFailed for a subscription the switch refuses (the events would be
    missed in silence), ReplyTimeout or LinkLost.  The caller closes the link then.
    """
    link.await_greeting(deadline_s)
    reply = link.request(auth, deadline_s)
    if not reply.data.startswith("+OK"):
        raise AuthRejected(reply.data)
    for command in wishes:
        answer = link.request(command, deadline_s)
        if not answer.ok:
            raise CommandFailed(f"{command.lines()[0]}: {answer.data}")
    return reply
