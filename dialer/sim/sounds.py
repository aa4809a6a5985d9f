"""Applications on a leg: files played, the inline scripts of uuid_transfer, recordings.

Every named file exists and lasts `notice_s`; tones and silence last as written. Nothing is heard.
"""

import math
import re
from collections.abc import Callable

from dialer.sim import happenings as ev
from dialer.sim.causes import known_cause
from dialer.sim.eavesdrop import Eavesdrop
from dialer.sim.exchange import NOTHING, Exchange
from dialer.sim.legs import ChannelState, Leg
from dialer.sim.rooms import Rooms
from dialer.sim.variables import set_variable

Script = tuple[tuple[str, str], ...]
"""Applications one after the other: (name, arguments)."""

_TONE = re.compile(r"%\((\d+),(\d+),[^)]*\)")
_LOOPS = re.compile(r";loops=(-?\d+)")


def seconds_of(path: str, file_s: float) -> float:
    """How long `path` plays; a file plays `file_s`."""
    kind, _, rest = path.partition("://")
    if kind == "tone_stream":
        loops = _LOOPS.search(rest)
        once_ms = sum(int(on) + int(off) for on, off in _TONE.findall(rest))
        n_loops = int(loops.group(1)) if loops else 1
        return math.inf if n_loops < 0 else n_loops * once_ms / 1000.0
    if kind == "silence_stream":
        digits = rest.partition(",")[0]
        return int(digits) / 1000.0 if digits.isdigit() else math.inf
    return math.inf if kind == "local_stream" else file_s


class Sounds:
    """What legs run and play. `split` undoes a leg's bridge before a transfer."""

    def __init__(
        self,
        exchange: Exchange,
        split: Callable[[Leg], Leg | None],
        rooms: Rooms,
        notice_s: float,
    ) -> None:
        self._exchange = exchange
        self._split = split
        self._rooms = rooms
        self._notice_s = notice_s
        self._eavesdrop = Eavesdrop(exchange)
        self._apps: dict[str, Callable[[Leg, str, Script], None]] = {
            "park": self._park,
            "playback": self._playback,
            "sleep": self._sleep,
            "set": self._set,
            "eavesdrop": self._overhear,
            "conference": self._enter_room,
            "hangup": self._hang_up,
        }
        exchange.on_hang_up.append(self._on_hang_up)
        exchange.on_alone.append(self.stop)

    # --- scripts ------------------------------------------------------------------------------

    def start_app(self, leg: Leg, app: str, data: str) -> None:
        """Run one application, as `originate ... &app(data)` does."""
        self._exchange.state(leg, ChannelState.EXECUTE)
        self._run(leg, ((app, data),))

    def transfer(self, leg: Leg, script: Script, *, is_both: bool = False) -> None:
        """uuid_transfer to an inline dialplan; `is_both` takes the bridged leg along."""
        self._stop(leg, "break")
        self._eavesdrop.leave(leg)
        partner = self._split(leg) if leg.partner is not None else None
        for one in (leg, partner if is_both else None):
            if one is not None and one.ended_at is None:
                self._rooms.leave(one)
                self._exchange.end_app(one)
                self._exchange.state(one, ChannelState.ROUTING)
                self._exchange.state(one, ChannelState.EXECUTE)
                self._run(one, script)

    def _run(self, leg: Leg, script: Script) -> None:
        """Begin the first application; the rest follows when it ends."""
        exchange = self._exchange
        if leg.ended_at is not None:
            return
        if not script:
            exchange.hang_up(leg, "NORMAL_CLEARING")
            return
        (app, data), rest = script[0], script[1:]
        if not app.isidentifier():  # torn off by a comma inside an argument
            exchange.hang_up(leg, "DESTINATION_OUT_OF_ORDER")
            return
        exchange.begin_app(leg, app, data)
        if app in self._apps:
            self._apps[app](leg, data, rest)

    def _park(self, leg: Leg, data: str, rest: Script) -> None:
        self._exchange.tell(ev.PARK, leg, NOTHING)

    def _playback(self, leg: Leg, path: str, rest: Script) -> None:
        self._begin_file(leg, path, lambda: self._end_step(leg, rest))

    def _sleep(self, leg: Leg, millis: str, rest: Script) -> None:
        if millis.isdigit():
            after = self._exchange.mono + int(millis) / 1000.0
            self._exchange.agenda.at(after, self._end_step, leg, rest)

    def _set(self, leg: Leg, setting: str, rest: Script) -> None:
        name, _, value = setting.partition("=")
        set_variable(leg, name, value)
        self._end_step(leg, rest)

    def _overhear(self, leg: Leg, leg_id: str, rest: Script) -> None:
        self._eavesdrop.begin(leg, leg_id, lambda: self._end_step(leg, rest))

    def _enter_room(self, leg: Leg, name: str, rest: Script) -> None:
        self._rooms.join(leg, name)

    def _hang_up(self, leg: Leg, cause: str, rest: Script) -> None:
        self._exchange.hang_up(leg, known_cause(cause))

    def _end_step(self, leg: Leg, rest: Script) -> None:
        if leg.ended_at is None:
            self._exchange.end_app(leg, "FILE PLAYED" if leg.app == "playback" else "_none_")
            self._run(leg, rest)

    # --- files over what the leg is doing -------------------------------------------------------

    def broadcast(
        self, leg: Leg, path: str, then: Callable[[], None] | None = None, tag: str = ""
    ) -> None:
        """Play `path` to the leg and go back to what it did; then call `then`.

        A path may be `application::path`; of applications, endless_playback is known.
        """
        if leg.ended_at is not None:
            return
        self._stop(leg, "break")
        before = leg.app, leg.app_data
        app, _, named = path.partition("::") if "::" in path else ("playback", "", path)
        self._exchange.begin_app(leg, app, named, tag)

        def finish() -> None:
            self._exchange.end_app(leg, "FILE PLAYED", tag)
            leg.app, leg.app_data = before
            if then is not None and leg.ended_at is None:
                then()

        self._begin_file(leg, named, finish, is_endless=app == "endless_playback")

    def stop(self, leg: Leg) -> None:
        """uuid_break: end what plays now."""
        self._stop(leg, "break")

    def _begin_file(
        self, leg: Leg, path: str, finish: Callable[[], None], *, is_endless: bool = False
    ) -> None:
        exchange = self._exchange
        leg.play_path = path
        if exchange.is_detailed:
            exchange.tell(ev.PLAYBACK_START, leg, {"Playback-File-Path": path})
        seconds = math.inf if is_endless else seconds_of(path, self._notice_s)
        after = exchange.mono + seconds
        leg.playing = exchange.agenda.at(after, self._end_file, leg, "done", finish)

    def _end_file(self, leg: Leg, status: str, finish: Callable[[], None]) -> None:
        leg.playing = None
        headers = {"Playback-File-Path": leg.play_path, "Playback-Status": status}
        self._exchange.tell(ev.PLAYBACK_STOP, leg, headers)
        finish()

    def _stop(self, leg: Leg, status: str) -> None:
        playing = leg.playing
        if playing is not None:
            _, _, finish = playing.subject
            playing.cancel()
            assert callable(finish)
            self._end_file(leg, status, finish)

    def _on_hang_up(self, leg: Leg) -> None:
        """FreeSWITCH says `done`, not `break`, when the leg dies under the file."""
        self._stop(leg, "done")

    # --- recordings ---------------------------------------------------------------------------

    def record(self, leg: Leg, path: str) -> None:
        """Start a recording; it ends with `stop_record` or with the leg."""
        leg.records.append(path)
        self._exchange.tell(ev.RECORD_START, leg, {"Record-File-Path": path})

    def stop_record(self, leg: Leg, path: str) -> bool:
        """Stop one recording, or every one for `all`; False when none matches."""
        stopped = [one for one in leg.records if path in (one, "all")]
        for one in stopped:
            leg.records.remove(one)
            self._exchange.tell(ev.RECORD_STOP, leg, {"Record-File-Path": one})
        return bool(stopped)
