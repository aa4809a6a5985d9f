"""What was subscribed to, in order, to be asked for again on a new connection.

greenswitch forgets it, and one of its users replayed it twice and got every event double.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from esl.commands import Api, BgApi, Command, EventFormat, Filter, SendMsg, Subscribe

_EVENTS = ("event ", "nixevent ")


class Ledger:
    """Filters come first, so that no unfiltered event slips in between."""

    def __init__(
        self, names: Sequence[str], filters: Sequence[Filter], event_format: EventFormat
    ) -> None:
        self._commands: dict[str, Command] = {}  # by line: the same one is asked for once
        for wish in filters:
            self.remember(wish)
        if names:
            subclasses = [name for name in names if "::" in name]
            events = [name for name in names if "::" not in name]
            self.remember(Subscribe(events, subclasses, event_format))

    def __iter__(self) -> Iterator[Command]:
        return iter([*self._commands.values()])

    def remember(self, command: Command) -> None:
        """Note a command the switch has accepted, if it is about subscriptions."""
        if isinstance(command, Api | BgApi | SendMsg):
            return  # by far the most: not worth rendering again
        line = command.lines()[0]
        if line == "noevents":
            self._forget(_EVENTS)
        elif line.startswith("filter delete all"):
            self._forget(("filter ",))
        elif line.startswith((*_EVENTS, "filter ")):
            self._commands.pop(line, None)
            self._commands[line] = command

    def _forget(self, prefixes: tuple[str, ...]) -> None:
        kept = self._commands.items()
        self._commands = {line: one for line, one in kept if not line.startswith(prefixes)}
