"""The api commands of the node: originate, show, fsctl and the small ones.

Text in, FreeSWITCH's text out. `originate` answers later, through a callback.
"""

from collections.abc import Callable

from dialer.sim import dialstring, endpoints, node, shows
from dialer.sim.causes import known_cause
from dialer.sim.dialing import REFUSED
from dialer.sim.leg_api import LegApi
from dialer.sim.legs import Leg, Order
from dialer.sim.numbers import AGENT
from dialer.sim.portrait import HOST
from dialer.sim.switch import Switch

ORIGINATE_USAGE = (
    "-USAGE: <call url> <exten>|&<application_name>(<app_args>) [<dialplan>] [<context>] "
    "[<cid_name>] [<cid_num>] [<timeout_sec>]\n"
)
SHOW_USAGE = "-USAGE: calls [count]|channels [count|like <match string>]|bridged_calls\n"
_FIXED: dict[str, str] = {
    "hostname": HOST, "reloadxml": "+OK [Success]\n", "avmd": "+OK\n", "sofia": "+OK\n",
    "limit_usage": "0", "sched_hangup": "+OK\n",
}  # fmt: skip

MODULES = frozenset({"mod_sofia", "mod_commands", "mod_dptools", "mod_conference"})

Done = Callable[[str], None]


class Api:
    """Every api command of one switch. `dump` gives the CHANNEL_DATA headers of a leg."""

    def __init__(
        self,
        switch: Switch,
        dump: Callable[[Leg], dict[str, str]],
        addresses: endpoints.Addresses,
    ) -> None:
        self._switch = switch
        self._legs = LegApi(switch, dump)
        self._addresses = addresses
        self._n_minted = 0

    def run(self, line: str, done: Done) -> str | None:
        """Run one command line. None: `done` gets the answer when it is there."""
        verb, _, args = line.strip().partition(" ")
        args = args.strip()
        if verb == "originate":
            return self._originate(args, done)
        if verb in _FIXED:
            return _FIXED[verb]
        answer = self._legs.run(verb, args) if verb.startswith("uuid_") else None
        if answer is None:
            action: Callable[[str], str] | None = getattr(self, f"_api_{verb}", None)
            answer = action(args) if action is not None else None
        return f"-ERR {verb} Command not found!\n" if answer is None else answer

    def mint(self) -> str:
        """A new UUID, the same in each run."""
        self._n_minted += 1
        return self._switch.mint(f"uuid{self._n_minted}")

    # --- originate ------------------------------------------------------------------------------

    def _originate(self, args: str, done: Done) -> str | None:
        try:
            dial = dialstring.parse(args)
        except ValueError:
            return f"-ERR {REFUSED}\n"
        if dial is None:
            return ORIGINATE_USAGE
        switch = self._switch
        leg_id = dial.variables.get("origination_uuid") or self.mint()
        target = endpoints.find(dial.endpoint, self._addresses)
        if isinstance(target, str):
            if target in endpoints.STILLBORN:
                switch.dialing.stillborn(Order(leg_id, "N/A", "", AGENT))
            return f"-ERR {target}\n"
        order = endpoints.order_for(
            dial, target, leg_id, switch.population, switch.age_s, switch.exchange.now.utc
        )
        refusal = switch.dialing.originate(order, done)
        return None if refusal is None else f"-ERR {refusal}\n"

    # --- the node -------------------------------------------------------------------------------

    def _api_status(self, args: str) -> str:
        return node.status(self._switch)

    def _api_version(self, args: str) -> str:
        return node.version(args)

    def _api_uptime(self, args: str) -> str:
        return f"{int(self._switch.up_s)}\n"

    def _api_echo(self, args: str) -> str:
        return args

    def _api_eval(self, args: str) -> str:
        return args

    def _api_create_uuid(self, args: str) -> str:
        return self.mint()

    def _api_strftime(self, args: str) -> str:
        now = self._switch.exchange.now.as_datetime()
        return now.strftime(args or "%Y-%m-%d %H:%M:%S")

    def _api_global_getvar(self, args: str) -> str:
        values = node.global_variables(self._switch)
        if args:
            return values.get(args, "")
        return "".join(f"{name}={value}\n" for name, value in values.items()) + "\n"

    def _api_module_exists(self, args: str) -> str:
        return "true" if args in MODULES else "false"

    def _api_show(self, args: str) -> str:
        what, _, rest = args.partition(" ")
        legs = self._switch.exchange.legs.values()
        if what in ("channels", "calls") and rest == "count":
            return f"\n{shows.count(what, legs)} total.\n"
        table = shows.show(what, legs, self._switch.exchange.now) if rest == "as json" else None
        return SHOW_USAGE if table is None else table

    def _api_hupall(self, args: str) -> str:
        cause = known_cause(args.split()[0].upper()) if args else "MANAGER_REQUEST"
        for leg in list(self._switch.exchange.legs.values()):
            self._switch.exchange.hang_up(leg, cause)
        return f"+OK hangup all channels with cause {cause}\n"

    # --- fsctl ----------------------------------------------------------------------------------

    def _api_fsctl(self, args: str) -> str:
        words = args.split()
        if not words:
            return "-USAGE: [hupall|pause|resume|pause_check|sps|max_sessions|ready_check]\n"
        action: Callable[[list[str]], str] | None = getattr(self, f"_fsctl_{words[0]}", None)
        return "-ERR Invalid command\n" if action is None else action(words[1:])

    def _fsctl_max_sessions(self, words: list[str]) -> str:
        limits = self._switch.limits
        if words and words[0].isdigit() and int(words[0]):  # 0 only asks
            limits.max_sessions = int(words[0])
        return f"+OK max sessions: {limits.max_sessions}\n"

    def _fsctl_sps(self, words: list[str]) -> str:
        limits = self._switch.limits
        if words and words[0].isdigit() and int(words[0]):
            limits.sessions_per_s = int(words[0])
        return f"+OK sessions per second: {limits.sessions_per_s}\n"

    def _fsctl_pause(self, words: list[str]) -> str:
        self._switch.limits.is_outbound_paused = words[:1] != ["inbound"]
        return "+OK\n"

    def _fsctl_resume(self, words: list[str]) -> str:
        if words[:1] != ["inbound"]:
            self._switch.limits.is_outbound_paused = False
        return "+OK\n"

    def _fsctl_pause_check(self, words: list[str]) -> str:
        return "true" if self._switch.limits.is_outbound_paused else "false"

    def _fsctl_ready_check(self, words: list[str]) -> str:
        return "true"

    def _fsctl_shutdown_check(self, words: list[str]) -> str:
        return "false"

    def _fsctl_hupall(self, words: list[str]) -> str:
        self._api_hupall(" ".join(words))
        return "+OK\n"
