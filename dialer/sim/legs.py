"""One leg: a channel of the simulated switch, and the order by which it came to be.

Data only: what happens to a leg is in `exchange`, `dialing`, `bridges` and `sounds`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from dialer.sim.agenda import Due
from dialer.sim.person import Person


class ChannelState(StrEnum):
    """FreeSWITCH's CS_* states that a leg of ours goes through."""

    NONE = "CS_NONE"
    INIT = "CS_INIT"
    ROUTING = "CS_ROUTING"
    SOFT_EXECUTE = "CS_SOFT_EXECUTE"
    EXECUTE = "CS_EXECUTE"
    EXCHANGE_MEDIA = "CS_EXCHANGE_MEDIA"
    PARK = "CS_PARK"
    CONSUME_MEDIA = "CS_CONSUME_MEDIA"
    HIBERNATE = "CS_HIBERNATE"
    RESET = "CS_RESET"
    HANGUP = "CS_HANGUP"
    REPORTING = "CS_REPORTING"
    DESTROY = "CS_DESTROY"


class CallState(StrEnum):
    """FreeSWITCH's own call states (not the dialer's)."""

    DOWN = "DOWN"
    RINGING = "RINGING"
    EARLY = "EARLY"
    ACTIVE = "ACTIVE"
    HELD = "HELD"
    UNHELD = "UNHELD"
    HANGUP = "HANGUP"


class Disposition(StrEnum):
    """Who ended a leg and how: sip_hangup_disposition."""

    RECV_BYE = "recv_bye"
    RECV_REFUSE = "recv_refuse"
    SEND_REFUSE = "send_refuse"
    SEND_BYE = "send_bye"
    SEND_CANCEL = "send_cancel"


NO_CALLER = "0000000000"
BRIDGE_RULES = {
    "park_after_bridge": "parks_after_bridge",
    "hangup_after_bridge": "hangs_up_after_bridge",
    "uuid_bridge_park_on_cancel": "parks_on_cancel",
}
"""Channel variables that the switch itself reads, and the fields of Order that they are."""


@dataclass(slots=True)
class Order:
    """What `originate` was asked. `destination`: the user part that is dialled."""

    leg_id: str
    channel_name: str
    destination: str
    person: Person
    timeout_s: float = 60.0
    variables: dict[str, str] = field(default_factory=dict)
    app: str = "park"
    app_data: str = ""
    ignores_early_media: bool = True
    parks_after_bridge: bool = False
    hangs_up_after_bridge: bool = False
    parks_on_cancel: bool = False
    is_agent: bool = False
    confirm_key: str = ""
    """Key that whoever answers must press before `app` runs; empty: none."""
    confirm_within_s: float = 60.0
    arrives_from: str = ""
    """The caller's number, of a call that comes in; empty: the switch dialled it."""

    @property
    def caller_id(self) -> str:
        """The number shown to the far end, or the caller's own."""
        return self.arrives_from or self.variables.get("origination_caller_id_number", NO_CALLER)


@dataclass(slots=True, eq=False)
class Leg:
    """A channel. Times: seconds on the monotonic clock, None until they happen."""

    order: Order
    created_at: float
    number: int = 0
    """Session number since the switch started."""
    state: ChannelState = ChannelState.NONE
    call_state: CallState = CallState.DOWN
    app: str = ""
    app_data: str = ""
    latest_app: str = ""
    """The last application executed; a bridge by uuid_bridge is none."""
    rang_at: float | None = None
    media_at: float | None = None
    answered_at: float | None = None
    bridged_at: float | None = None
    """Start of the latest bridge."""
    ended_at: float | None = None
    cause: str = ""
    sip_status: int | None = None
    """The far end's final answer, when it was the far end that ended the leg."""
    disposition: Disposition | None = None
    partner: "Leg | None" = None
    last_partner: "Leg | None" = None
    """Whom it is or was bridged to: headers keep naming it after the bridge."""
    awaits: "Leg | None" = None
    """Whom it is about to be bridged to: it is that bridge's first leg."""
    awaited_by: "Leg | None" = None
    room: str = ""
    """Room of mod_conference that it is in."""
    room_profile: str = ""
    is_first: bool = False
    """First leg of its bridge: the one whose BRIDGE and UNBRIDGE events are told."""
    overhears: "Leg | None" = None
    """Whose media it hears by eavesdrop."""
    talk_left_s: float = 0.0
    done: Callable[[str], None] | None = None
    """Gets the answer of `originate`, once."""
    step: Due | None = None
    """The far end's next step while dialling, or what ends the conversation or the wait."""
    confirmation: Due | None = None
    """End of the patience for the key that confirms."""
    stay: Due | None = None
    """The far end's own hang-up, whatever happens."""
    playing: Due | None = None
    play_path: str = ""
    records: list[str] = field(default_factory=list)

    @property
    def leg_id(self) -> str:
        return self.order.leg_id

    @property
    def has_run(self) -> bool:
        """An application ran: caller and callee have then changed places in the headers."""
        return self.latest_app != ""

    @property
    def is_up(self) -> bool:
        """Answered and not ended."""
        return self.answered_at is not None and self.ended_at is None

    @property
    def answer_state(self) -> str:
        """Value of the Answer-State header."""
        if self.ended_at is not None:
            return "hangup"
        if self.answered_at is not None:
            return "answered"
        return "ringing" if self.media_at is None else "early"

    def resolve(self, answer: str) -> None:
        """Give `originate` its answer, if it still waits for one."""
        done, self.done = self.done, None
        if done is not None:
            done(answer)
