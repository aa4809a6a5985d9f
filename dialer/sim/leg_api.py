"""The uuid_* commands: words in, FreeSWITCH's own answers out.

Each command is a method named after it; answers were compared with FreeSWITCH 1.10.12. The
consequences follow when the switch settles.
"""

from collections.abc import Callable

import orjson

from dialer.sim.causes import known_cause
from dialer.sim.legs import CallState, Leg
from dialer.sim.sounds import Script
from dialer.sim.switch import Switch
from dialer.sim.tapped import SUFFIXES
from dialer.sim.variables import set_variable

NO_CHANNEL = "-ERR No such channel!\n"
NO_SESSION = "-ERR Cannot locate session!\n"
NO_SESSION_FOR_AUDIO = "-ERR No such channel!\n"
OK = "+OK\n"
USAGES: dict[str, tuple[int, str]] = {
    "uuid_bridge": (2, "<uuid> <other_uuid>"),
    "uuid_kill": (1, "<uuid> [cause]"),
    "uuid_getvar": (2, "<uuid> <var>"),
    "uuid_setvar": (2, "<uuid> <var> [value]"),
    "uuid_setvar_multi": (2, "<uuid> <var>=<value>;<var>=<value>..."),
    "uuid_dump": (1, "<uuid> [format]"),
    "uuid_park": (1, "<uuid>"),
    "uuid_break": (1, "<uuid> [all]"),
    "uuid_broadcast": (2, "<uuid> <path> [aleg|bleg|holdb|both]"),
    "uuid_transfer": (2, "<uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]"),
    "uuid_record": (3, "<uuid> [start|stop|mask|unmask] <path> [<limit>] [<recording_vars>]"),
    "uuid_audio": (2, "<uuid> [start [read|write] [mute|level <level>]|stop]"),
    "uuid_send_dtmf": (2, "<uuid> <dtmf_data>"),
}
"""Words needed, and what FreeSWITCH says when there are fewer."""


class LegApi:
    """`dump` gives the CHANNEL_DATA headers of a leg."""

    def __init__(self, switch: Switch, dump: Callable[[Leg], dict[str, str]]) -> None:
        self._switch = switch
        self._dump = dump

    def run(self, verb: str, args: str) -> str | None:
        """The answer to one uuid_ command, or None when it is not simulated."""
        action: Callable[[list[str]], str] | None = getattr(self, f"_{verb}", None)
        if action is None:
            return None
        words = args.split()
        n_needed, usage = USAGES.get(verb, (0, ""))
        if len(words) < n_needed:
            return f"-USAGE: {usage}\n"
        return action(words)

    def _leg(self, words: list[str]) -> Leg | None:
        return self._switch.leg(words[0]) if words else None

    # --- questions ------------------------------------------------------------------------------

    def _uuid_exists(self, words: list[str]) -> str:
        return "false" if self._leg(words) is None else "true"

    def _uuid_getvar(self, words: list[str]) -> str:
        leg = self._leg(words)
        if leg is None:
            return NO_CHANNEL
        dumped = self._dump(leg)
        return dumped.get(f"variable_{words[1]}") or "_undef_"

    def _uuid_dump(self, words: list[str]) -> str:
        leg = self._leg(words)
        if leg is None:
            return NO_CHANNEL
        dumped = self._dump(leg)
        if words[1:] == ["json"]:
            return orjson.dumps(dumped).decode()
        return "".join(f"{name}: {value}\n" for name, value in dumped.items()) + "\n"

    # --- variables ------------------------------------------------------------------------------

    def _uuid_setvar(self, words: list[str]) -> str:
        leg = self._leg(words)
        if leg is None:
            return NO_CHANNEL
        set_variable(leg, words[1], " ".join(words[2:]))
        return OK

    def _uuid_setvar_multi(self, words: list[str]) -> str:
        leg = self._leg(words)
        if leg is None:
            return f"{NO_CHANNEL}-USAGE: {USAGES['uuid_setvar_multi'][1]}\n"
        for pair in " ".join(words[1:]).split(";"):
            name, _, value = pair.partition("=")
            set_variable(leg, name, value)
        return OK

    # --- bridges and ends -----------------------------------------------------------------------

    def _uuid_bridge(self, words: list[str]) -> str:
        is_done = self._switch.bridges.bridge(words[0], words[1])
        return f"+OK {words[1]}\n" if is_done else "-ERR Invalid uuid\n"

    def _uuid_kill(self, words: list[str]) -> str:
        leg = self._leg(words)
        if leg is None:
            return NO_CHANNEL
        cause = known_cause(words[1].upper()) if len(words) > 1 else "NORMAL_CLEARING"
        self._switch.exchange.hang_up(leg, cause)
        return OK

    def _uuid_park(self, words: list[str]) -> str:
        leg = self._leg(words)
        if leg is None:
            return NO_CHANNEL
        self._switch.exchange.follow(self._switch.bridges.park, leg)
        return OK

    def _uuid_transfer(self, words: list[str]) -> str:
        leg = self._leg(words)
        if leg is None:
            return NO_CHANNEL
        is_both = words[1] == "-both"
        if words[1] == "-bleg":
            leg = leg.partner or leg
        text = " ".join(words[2:] if words[1] in ("-both", "-bleg") else words[1:])
        script = inline_script(text)
        self._switch.exchange.follow(self._transfer, leg, script, is_both)
        return OK

    def _transfer(self, leg: Leg, script: Script, is_both: bool) -> None:
        if leg.ended_at is None:
            self._switch.sounds.transfer(leg, script, is_both=is_both)

    def _uuid_answer(self, words: list[str]) -> str:
        leg = self._leg(words)
        if leg is None:
            return NO_CHANNEL
        self._switch.exchange.follow(self._switch.dialing.pick_up, leg)
        return OK

    # --- sounds ---------------------------------------------------------------------------------

    def _uuid_broadcast(self, words: list[str]) -> str:
        leg = self._leg(words)
        if leg is None:
            return "-ERR invalid uuid\n"
        side = words[2] if len(words) > 2 else "aleg"
        legs = {"aleg": (leg,), "bleg": (leg.partner,)}.get(side, (leg, leg.partner))
        for one in legs:
            if one is not None:
                self._switch.exchange.follow(self._switch.sounds.broadcast, one, words[1])
        return "+OK Message sent\n"

    def _uuid_break(self, words: list[str]) -> str:
        leg = self._leg(words)
        if leg is None:
            return NO_CHANNEL
        self._switch.exchange.follow(self._switch.sounds.stop, leg)
        return OK

    def _uuid_record(self, words: list[str]) -> str:
        leg = self._leg(words)
        if leg is None:
            return NO_SESSION
        if words[1] == "start":
            if not self._tap(leg, words):
                return "-ERR Cannot record session!\n"
            self._switch.sounds.record(leg, words[2])
        elif words[1] in ("mask", "unmask") and words[2] not in leg.records:
            return f"-ERR Cannot {words[1]} recording session!\n"
        elif words[1] == "stop":
            self._switch.taps.stop(leg, words[2])
            if not self._switch.sounds.stop_record(leg, words[2]):
                return "-ERR Cannot stop record session!\n"
        return "+OK Success\n"

    def _tap(self, leg: Leg, words: list[str]) -> bool:
        """Files of plain samples are written in truth, since somebody reads them as they grow."""
        if not words[2].endswith(SUFFIXES):
            return True
        limit = words[3] if len(words) > 3 and words[3].isdigit() else "0"
        return self._switch.taps.record(leg, words[2], float(limit))

    def _uuid_audio(self, words: list[str]) -> str:
        """Nothing is heard here; the answers are FreeSWITCH's."""
        is_start = words[1:2] == ["start"] and len(words) >= 5
        if not is_start and words[1:2] != ["stop"]:
            return f"-USAGE: {USAGES['uuid_audio'][1]}\n"
        return NO_SESSION_FOR_AUDIO if self._leg(words) is None else OK

    def _uuid_send_dtmf(self, words: list[str]) -> str:
        if self._leg(words) is None:
            return NO_SESSION
        return f"+OK {words[0]} sent DTMF {words[1]}.\n"

    def _uuid_hold(self, words: list[str]) -> str:
        """Says success for a uuid that does not exist, too."""
        is_off = words[:1] == ["off"]
        leg = self._leg(words[1:] if words[0] in ("off", "toggle") else words) if words else None
        if leg is not None and leg.is_up:
            states = (CallState.UNHELD, CallState.ACTIVE) if is_off else (CallState.HELD,)
            for state in states:
                self._switch.exchange.call_state(leg, state)
        return "+OK Success\n"


def inline_script(text: str) -> Script:
    """The applications of `app:data,app:data inline` or `'m:^:app:data^app:data' inline`.

    Another dialplan's extension parks. A comma inside an argument ends it, quotes or not: a trap
    of FreeSWITCH that is kept; it hangs up at what the comma tore off.
    """
    text = text.strip()
    if not text.endswith(" inline"):
        return (("park", ""),)
    text = text.removesuffix(" inline").strip().strip("'")
    delimiter = ","
    if text.startswith("m:") and len(text) > 4 and text[3] == ":":
        delimiter, text = text[2], text[4:]
    pairs = (part.partition(":") for part in text.split(delimiter))
    return tuple((app.strip(), data.strip()) for app, _, data in pairs)
