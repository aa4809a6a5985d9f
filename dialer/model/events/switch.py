"""What a switch says happened: to legs, and to the node itself."""

from dataclasses import dataclass

from dialer.model.amd import Cause, SitCategory, Verdict
from dialer.model.ids import (
    LegId,
    NodeName,
)
from dialer.model.outcome import Outcome
from dialer.model.trunk import TrunkRules


@dataclass(frozen=True, slots=True)
class LegRinging:
    leg_id: LegId
    has_early_media: bool = False


@dataclass(frozen=True, slots=True)
class LegAnswered:
    leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegsBridged:
    """The order of the two legs is the switch's."""

    leg_id: LegId
    other_leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegParked:
    """The leg is alone again (first park, or after a bridge)."""

    leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegJoined:
    """The leg is in its room of three."""

    leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegPlayed:
    """A file played to the leg came to its end."""

    leg_id: LegId


@dataclass(frozen=True, slots=True)
class LegPressed:
    """The far end pressed a key."""

    leg_id: LegId
    digit: str


@dataclass(frozen=True, slots=True)
class LegEnded:
    """`cause`: FreeSWITCH's name. `is_by_far_end`: the other side hung up or refused."""

    leg_id: LegId
    cause: str
    sip_status: int | None = None
    is_by_far_end: bool = False


@dataclass(frozen=True, slots=True)
class OriginateFailed:
    """`originate` answered -ERR. When `is_local`, no leg ever existed and no carrier was asked."""

    leg_id: LegId
    cause: str
    is_local: bool


@dataclass(frozen=True, slots=True)
class BridgeFailed:
    customer_leg_id: LegId
    agent_leg_id: LegId
    reason: str


@dataclass(frozen=True, slots=True)
class ControlFailed:
    """The switch did not do what a ControlCommand asked of the leg. `control`: its class name."""

    leg_id: LegId
    control: str
    reason: str


@dataclass(frozen=True, slots=True)
class NodeUp:
    """The node's links are up and its calls are known again; it may be used."""

    node: NodeName
    max_sessions: int
    sessions_per_s: int
    min_idle_cpu: float = 0.0
    """Percent; the switch refuses under it. 0: no such limit."""


@dataclass(frozen=True, slots=True)
class NodeDown:
    """Nothing is known of the node's calls until NodeUp: no originate meanwhile."""

    node: NodeName


@dataclass(frozen=True, slots=True)
class NodeRestarted:
    """The node came back as another process: none of its legs exists any more."""

    node: NodeName


@dataclass(frozen=True, slots=True)
class NodeBeat:
    node: NodeName
    n_sessions: int
    max_sessions: int
    idle_cpu: float
    """Percent."""


@dataclass(frozen=True, slots=True)
class NodeTrunks:
    """The node's ways out, in the order in which they are tried."""

    node: NodeName
    trunks: tuple[TrunkRules, ...]


@dataclass(frozen=True, slots=True)
class NodeDraining:
    """Asked for by the operator: no new leg on the node, or legs again."""

    node: NodeName
    is_draining: bool = True


@dataclass(frozen=True, slots=True)
class LegArrived:
    """A call came in to a number that we serve, and rings. Numbers are as the carrier wrote them:
    hostile, and `caller` may be empty."""

    leg_id: LegId
    node: NodeName
    called: str
    caller: str


@dataclass(frozen=True, slots=True)
class LegScreened:
    """Who answered, told once for each leg that is listened to. `_s`: seconds since the answer.

    `p_machine`: 0 to 1, None where nothing was heard. `sit`: of a special information tone.
    """

    leg_id: LegId
    verdict: Verdict
    cause: Cause
    at_s: float | None = None
    p_machine: float | None = None
    onset_s: float | None = None
    greeting_end_s: float | None = None
    sit: SitCategory | None = None


@dataclass(frozen=True, slots=True)
class LegLooksMachine:
    """The second look: whoever was taken for a person speaks like a recording."""

    leg_id: LegId
    cause: Cause
    at_s: float
    p_machine: float


@dataclass(frozen=True, slots=True)
class LegAwaitsMessage:
    """What answered has come to the end of its greeting. `may_speak`: it records what it is told.

    `is_screening`: it asked, and now waits for who is calling; a person may follow.
    """

    leg_id: LegId
    may_speak: bool
    is_screening: bool = False


@dataclass(frozen=True, slots=True)
class LegAnnounced:
    """Tones or words before the answer say what will become of the call."""

    leg_id: LegId
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ListenerStarts:
    """Whoever is to hear who answers is being started: until ListenerReady, nobody would."""


@dataclass(frozen=True, slots=True)
class ListenerReady:
    """Answers are heard from now on."""


SwitchEvent = (
    LegArrived | LegRinging | LegAnswered | LegsBridged | LegParked | LegJoined | LegPlayed
    | LegPressed | LegEnded
    | OriginateFailed | BridgeFailed | ControlFailed | NodeUp | NodeDown | NodeRestarted | NodeBeat
    | NodeDraining | NodeTrunks
    | LegScreened | LegLooksMachine | LegAwaitsMessage | LegAnnounced
    | ListenerStarts | ListenerReady
)  # fmt: skip
