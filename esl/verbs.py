"""The switch's API commands a dialer uses, as values.

Each renders one console line for Api or BgApi; what the switch answers is in the docstrings,
because most of it is text to be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from esl import escaping
from esl.commands import ApiCommand
from esl.errors import LocalError

Legs = Literal["aleg", "bleg", "both"]


@dataclass(frozen=True, slots=True)
class UuidBridge(ApiCommand):
    """Connect two answered legs.  `+OK <other>`, or `-ERR Invalid uuid`."""

    uuid: str
    other: str

    def render(self) -> str:
        return f"uuid_bridge {_leg(self.uuid)} {_leg(self.other)}"


@dataclass(frozen=True, slots=True)
class UuidKill(ApiCommand):
    """Hang a leg up with a Q.850 cause name.  `+OK`, or `-ERR No such channel!`."""

    uuid: str
    cause: str = "NORMAL_CLEARING"

    def render(self) -> str:
        return f"uuid_kill {_leg(self.uuid)} {escaping.name('cause', self.cause)}"


@dataclass(frozen=True, slots=True)
class UuidExists(ApiCommand):
    """`true` or `false`, without a line end.  Trust it over `show channels`, which lags."""

    uuid: str

    def render(self) -> str:
        return f"uuid_exists {_leg(self.uuid)}"


@dataclass(frozen=True, slots=True)
class UuidDump(ApiCommand):
    """Every header of a leg as one JSON object, or `-ERR No such channel!`."""

    uuid: str

    def render(self) -> str:
        return f"uuid_dump {_leg(self.uuid)} json"


@dataclass(frozen=True, slots=True)
class UuidBroadcast(ApiCommand):
    """Play a file or run `app::args` on a leg.  The path may hold no blank and no `$`."""

    uuid: str
    path: str
    legs: Legs = "aleg"

    def render(self) -> str:
        return f"uuid_broadcast {_leg(self.uuid)} {escaping.word('path', self.path)} {self.legs}"


@dataclass(frozen=True, slots=True)
class UuidBreak(ApiCommand):
    """Stop what a leg plays; `all_queued` also what waits to be played."""

    uuid: str
    all_queued: bool = True

    def render(self) -> str:
        return f"uuid_break {_leg(self.uuid)}{' all' if self.all_queued else ''}"


@dataclass(frozen=True, slots=True)
class UuidSetVar(ApiCommand):
    """Set a channel variable; an empty value removes it.  `+OK`, or `-ERR No such channel!`."""

    uuid: str
    name: str
    value: str = ""

    def render(self) -> str:
        value = escaping.unexpanded("value", self.value)
        return f"uuid_setvar {_leg(self.uuid)} {escaping.name('name', self.name)} {value}".rstrip()


@dataclass(frozen=True, slots=True)
class UuidGetVar(ApiCommand):
    """A channel variable, `_undef_` when unset.  Framed by length, unlike the getvar command."""

    uuid: str
    name: str

    def render(self) -> str:
        return f"uuid_getvar {_leg(self.uuid)} {escaping.name('name', self.name)}"


@dataclass(frozen=True, slots=True)
class UuidTransfer(ApiCommand):
    """Send a leg (and with `legs` its partner) to an extension.  No inline application lists.

    Commas in an inline list split its arguments too: seen to end a call with a nonsense cause.
    """

    uuid: str
    extension: str
    dialplan: str = "XML"
    context: str = "default"
    legs: Legs = "aleg"

    def render(self) -> str:
        if "," in self.extension:
            raise LocalError("extension: a comma would split it")
        flag = {"aleg": "", "bleg": " -bleg", "both": " -both"}[self.legs]
        words = (
            escaping.word("extension", self.extension),
            escaping.word("dialplan", self.dialplan),
            escaping.word("context", self.context),
        )
        return f"uuid_transfer {_leg(self.uuid)}{flag} {' '.join(words)}"


@dataclass(frozen=True, slots=True)
class UuidEavesdrop(ApiCommand):
    """Have a parked leg overhear another one, then park again; `+OK`, whether there is one or not.

    to_leg, to_partner: whether the overheard leg, and who is bridged to it, hear the leg. Keys of
    its phone change nothing (the application would take them as such orders). Said again, it takes
    the place of what was said before, within 40 ms.
    """

    uuid: str
    overheard: str
    to_leg: bool = False
    to_partner: bool = False

    def render(self) -> str:
        applications = (
            "set:eavesdrop_enable_dtmf=false",
            f"set:eavesdrop_whisper_aleg={_flag(self.to_partner)}",
            f"set:eavesdrop_whisper_bleg={_flag(self.to_leg)}",
            f"eavesdrop:{_leg(self.overheard)}",
            "park:",
        )
        return f"uuid_transfer {_leg(self.uuid)} 'm:^:{'^'.join(applications)}' inline"


@dataclass(frozen=True, slots=True)
class UuidConference(ApiCommand):
    """Send a leg (and with `legs` its partner) into a room of mod_conference; it parks after it.

    The inline list is `m:^:`, since a comma splits arguments too.
    """

    uuid: str
    room: str
    profile: str
    legs: Legs = "aleg"

    def render(self) -> str:
        flag = {"aleg": "", "bleg": " -bleg", "both": " -both"}[self.legs]
        room = f"{escaping.uuid('room', self.room)}@{escaping.name('profile', self.profile)}"
        return f"uuid_transfer {_leg(self.uuid)}{flag} 'm:^:conference:{room}^park:' inline"


@dataclass(frozen=True, slots=True)
class UuidAnswer(ApiCommand):
    """Pick up an incoming leg that rings.  `+OK`, or `-ERR No such channel!`."""

    uuid: str

    def render(self) -> str:
        return f"uuid_answer {_leg(self.uuid)}"


@dataclass(frozen=True, slots=True)
class UuidPark(ApiCommand):
    """Take a leg out of whatever it does and park it."""

    uuid: str

    def render(self) -> str:
        return f"uuid_park {_leg(self.uuid)}"


@dataclass(frozen=True, slots=True)
class UuidRecord(ApiCommand):
    """Start or stop recording a leg.  `+OK Success`, or `-ERR Cannot locate session!`.

    limit_s: stop by itself after so many seconds.
    variables: for this recording only (RECORD_READ_ONLY=true...), opaque values; need a limit_s,
        for the switch reads them as the word after it.
    """

    uuid: str
    action: Literal["start", "stop", "mask", "unmask"]
    path: str
    limit_s: int = 0
    variables: Mapping[str, str] = field(default_factory=dict)

    def render(self) -> str:
        if self.variables and not self.limit_s:
            raise LocalError("variables: need a limit_s before them")
        words = ["uuid_record", _leg(self.uuid), self.action, escaping.word("path", self.path)]
        if self.limit_s:
            words.append(f"{self.limit_s:d}")
        if self.variables:
            words.append("{" + ",".join(map(_setting, self.variables.items())) + "}")
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class UuidAudio(ApiCommand):
    """Silence what a leg's far end says, or `stop` doing so.  `+OK`, or a usage text.

    The level is a word the switch insists on; 1 is silence without comfort noise.
    """

    uuid: str
    action: Literal["mute", "stop"]

    def render(self) -> str:
        rest = "start read mute 1" if self.action == "mute" else "stop"
        return f"uuid_audio {_leg(self.uuid)} {rest}"


@dataclass(frozen=True, slots=True)
class UuidHold(ApiCommand):
    """Put a leg on hold, or take it `off`."""

    uuid: str
    on: bool = True

    def render(self) -> str:
        return f"uuid_hold {'' if self.on else 'off '}{_leg(self.uuid)}"


@dataclass(frozen=True, slots=True)
class UuidSendDtmf(ApiCommand):
    """Send digits (0-9 A-D * # and w for half a second) into a leg; `duration_ms` for each."""

    uuid: str
    digits: str
    duration_ms: int = 100

    def render(self) -> str:
        if not self.digits or set(self.digits) - set("0123456789ABCD*#wW"):
            raise LocalError("digits: not 0-9 A-D * # w")
        return f"uuid_send_dtmf {_leg(self.uuid)} {self.digits}@{self.duration_ms:d}"


@dataclass(frozen=True, slots=True)
class ShowChannels(ApiCommand):
    """Live legs as `{"row_count":n,"rows":[...]}`; no `rows` at all when there are none.

    Read from the core's database, which lags: never end a call on absence from here alone.
    """

    def render(self) -> str:
        return "show channels as json"


def _setting(pair: tuple[str, str]) -> str:
    return f"{escaping.name('variables', pair[0])}={escaping.opaque(*pair)}"


def _flag(is_on: bool) -> str:
    return "true" if is_on else "false"


def _leg(uuid: str) -> str:
    return escaping.uuid("uuid", uuid)
