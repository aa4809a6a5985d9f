"""`sendmsg`: applications and hang-ups queued to a leg by an event socket client."""

from collections.abc import Callable

from dialer.sim.causes import known_cause
from dialer.sim.legs import Leg
from dialer.sim.switch import Switch
from esl.messages import Request


class SessionCommands:
    """Carries out sendmsg. The answer says that it was queued, not that it was done."""

    def __init__(self, switch: Switch, mint: Callable[[], str]) -> None:
        self._switch = switch
        self._mint = mint

    def sendmsg(self, request: Request) -> str:
        """The reply to one sendmsg; what it asks follows after it."""
        leg = self._switch.leg(request.args)
        if leg is None:
            return f"-ERR invalid session id [{request.args}]"
        command = request.headers.get("call-command", "").lower()
        if command == "hangup":
            cause = known_cause(request.headers.get("hangup-cause", "").upper())
            self._switch.exchange.follow(self._switch.exchange.hang_up, leg, cause)
        elif command == "execute":
            app = request.headers.get("execute-app-name", "")
            body = request.body.decode("utf-8", "replace")
            data = request.headers.get("execute-app-arg", "") or body
            tag = request.headers.get("event-uuid", "")
            self._switch.exchange.follow(self.execute, leg, app, data, tag)
        elif command == "unicast":
            port = request.headers.get("remote-port", "")
            host = request.headers.get("remote-ip", "127.0.0.1")
            if port.isdigit() and 0 < int(port) < 65536:
                self._switch.taps.send(leg, host, int(port))
        return "+OK"

    def execute(self, leg: Leg, app: str, data: str, tag: str = "") -> None:
        """Run one application over what the leg is doing. `tag` comes back in its events."""
        tag = tag or self._mint()
        sounds = self._switch.sounds
        if app == "playback":
            sounds.broadcast(leg, data, tag=tag)
        elif app == "hangup":
            self._switch.exchange.hang_up(leg, known_cause(data.upper()))
        elif leg.is_up:
            self._over(leg, app, data, tag)

    def _over(self, leg: Leg, app: str, data: str, tag: str) -> None:
        """An application that takes no time: it starts, ends, and the leg goes on as before."""
        exchange = self._switch.exchange
        before = leg.app, leg.app_data
        exchange.begin_app(leg, app, data, tag)
        if app == "record_session":
            self._switch.sounds.record(leg, data)
        if app == "park":
            return
        exchange.end_app(leg, tag=tag)
        leg.app, leg.app_data = before
