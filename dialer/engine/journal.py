"""What happened and what was decided, one line each, so that a run can be replayed and compared.

The lines of two runs from the same seed are the same bytes.
"""

from collections.abc import Callable, Iterable

from dialer.model.commands import Command
from dialer.model.events import Event
from dialer.model.moment import Moment


class Journal:
    """`write` takes bytes; `encode` turns a model object into bytes (bus.codec.encode)."""

    def __init__(self, write: Callable[[bytes], object], encode: Callable[[object], bytes]) -> None:
        self._write = write
        self._encode = encode

    def note(self, now: Moment, event: Event | None, commands: Iterable[Command]) -> None:
        """One reaction; `event` None when deadlines fell due."""
        stamp = b"%.6f" % now.mono
        if event is not None:
            self._write(stamp + b" < " + self._encode(event) + b"\n")
        for command in commands:
            self._write(stamp + b" > " + self._encode(command) + b"\n")
