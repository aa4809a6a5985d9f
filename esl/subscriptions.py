"""Which events one client of the switch gets: event, nixevent, noevents and filter commands.

Part of the server's side.  Oddities are kept on purpose, a client must survive them: formats are
per connection, vetoes alone let nothing through, unknown names are ignored beside a known one.
"""

from __future__ import annotations

from esl.errors import LocalError
from esl.events import EslEvent, EventName
from esl.messages import Request

# Names beside those of EventName that switch_event.c knows and a client may ask for.
_OTHER_NAMES = """
CLONE CHANNEL_STATE CHANNEL_CALLSTATE CHANNEL_APPLICATION CHANNEL_UUID API
LOG INBOUND_CHAN OUTBOUND_CHAN STARTUP PUBLISH UNPUBLISH TALK NOTALK SESSION_CRASH
MODULE_LOAD MODULE_UNLOAD MESSAGE PRESENCE_IN PRESENCE_OUT PRESENCE_PROBE MESSAGE_WAITING
ROSTER CODEC DETECTED_SPEECH DETECTED_TONE PRIVATE_COMMAND TRAP ADD_SCHEDULE DEL_SCHEDULE
EXE_SCHEDULE RE_SCHEDULE RELOADXML NOTIFY PHONE_FEATURE SEND_MESSAGE RECV_MESSAGE
REQUEST_PARAMS GENERAL COMMAND SESSION_HEARTBEAT CLIENT_DISCONNECTED SERVER_DISCONNECTED
SEND_INFO RECV_INFO RECV_RTCP_MESSAGE SEND_RTCP_MESSAGE CALL_SECURE NAT MEDIA_BUG_START
MEDIA_BUG_STOP CONFERENCE_DATA CONFERENCE_DATA_QUERY CALL_SETUP_REQ CALL_SETUP_RESULT
CALL_DETAIL DEVICE_STATE TEXT SHUTDOWN_REQUESTED
"""
KNOWN_NAMES = frozenset(EventName) | frozenset(_OTHER_NAMES.split())
FORMATS = frozenset({"plain", "json", "xml"})
VERBS = frozenset({"event", "nixevent", "noevents", "filter"})


class Subscriptions:
    """The listening side of one connection.  `format` is plain until another is asked for."""

    def __init__(self) -> None:
        self.format = "plain"
        self.names: set[str] = set()
        self.subclasses: set[str] = set()
        self.filters: list[tuple[str, str]] = []  # in order; the first veto that matches ends it
        self._listening = False

    def apply(self, request: Request) -> str:
        """Do what an event, nixevent, noevents or filter command asks; the Reply-Text."""
        if request.verb not in VERBS:
            raise LocalError(f"{request.verb!r} is no subscription command")
        verb: str = {
            "event": "_event",
            "nixevent": "_nixevent",
            "noevents": "_noevents",
            "filter": "_filter",
        }[request.verb]
        reply: str = getattr(self, verb)(request.args.split(" ") if request.args else [])
        return reply

    def wants(self, event: EslEvent) -> bool:
        """Whether this client gets the event."""
        if not self._listening:
            return False
        if "ALL" not in self.names and not self._named(event):
            return False
        return not self.filters or self._passes(event)

    def _named(self, event: EslEvent) -> bool:
        if event.name not in self.names:
            return False
        return event.name != "CUSTOM" or not event.subclass or event.subclass in self.subclasses

    def _passes(self, event: EslEvent) -> bool:
        headers = {name.lower(): value for name, value in event.headers.items()}
        passes = False
        for name, wanted in self.filters:
            value = headers.get(name.lower())
            veto = wanted.startswith("-")
            if value is None or (passes and not veto):
                continue
            if value.lower() == wanted.lstrip("+- ").lower():
                passes = not veto
                if veto:
                    break
        return passes

    def _event(self, words: list[str]) -> str:
        if words and words[0].lower() in FORMATS:
            self.format = words.pop(0).lower()
        names, subclasses = _split(words)
        if not names:
            return "-ERR no keywords supplied"
        self.names |= names
        self.subclasses |= subclasses
        self._listening = True
        return f"+OK event listener enabled {self.format}"

    def _nixevent(self, words: list[str]) -> str:
        names, subclasses = _split(words)
        if not names:
            return "-ERR no keywords supplied"
        if "ALL" in names:
            self.names.clear()
        elif "ALL" in self.names:
            self.names = set(KNOWN_NAMES)
        self.names -= names - {"CUSTOM"}
        self.subclasses -= subclasses
        self._listening = True
        return "+OK events nixed"

    def _noevents(self, words: list[str]) -> str:
        if not self._listening:
            return "-ERR not listening for events"
        self.names.clear()
        self.subclasses.clear()
        self._listening = False
        return "+OK no longer listening for events"

    def _filter(self, words: list[str]) -> str:
        if len(words) > 1 and words[0].lower() == "delete":
            return self._delete_filter(words[1], " ".join(words[2:]))
        if len(words) > 2 and words[0].lower() == "add":
            words = words[1:]
        if len(words) < 2:
            return "-ERR invalid syntax"
        name, value = words[0], " ".join(words[1:])
        self.filters.append((name, value))
        return f"+OK filter added. [{name}]=[{value}]"

    def _delete_filter(self, name: str, value: str) -> str:
        self.filters = [
            (header, wanted)
            for header, wanted in self.filters
            if name.lower() != "all"
            and (header.lower() != name.lower() or (value and wanted != value))
        ]
        return f"+OK filter deleted. [{name}][{value}]"


def _split(words: list[str]) -> tuple[set[str], set[str]]:
    """Known names, and the subclasses: every word after CUSTOM."""
    upper = [word.upper() for word in words]
    cut = upper.index("CUSTOM") + 1 if "CUSTOM" in upper else len(words)
    names = {name for name in upper[:cut] if name == "ALL" or name in KNOWN_NAMES}
    return names, {word for word in words[cut:] if word}
