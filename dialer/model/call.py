"""The life of one call to a lead, from the dial to the last hang-up.

Theory of operation. A call is DIALING from the moment its attempt row exists, RINGING once the
network says so, WAITING from the answer until an agent is reserved, CONNECTING while the switch
joins the two legs, CONNECTED while both talk. A person who waits longer than the campaign's
limit hears the safe-harbour notice (PLAYING) and the call counts as abandoned. When the agent's
phone drops, the customer's leg survives and the call WAITs again under a new limit.

An agent may put the customer on hold: HELD, alone on the switch with music, until the legs are
joined again. An agent who met an answering machine may DROP the call on a recorded message: it
plays (PLAYING) and ends the call, while the agent is free already.

A supervisor may take the customer over: TAKEN_OVER, in which the call has no agent any more, though
the one who had it owes the disposition. When the supervisor's phone drops, the customer WAITs.

A third party may come in (model/third.py). CONSULTING: the customer hears music while the agent
talks with it. THREE_WAY: all three talk. ENTRUSTED: no agent any more, the customer is on the way
to an outside number; OUTSIDE: both talk, and the call stays in the books until it ends.

Where answers are listened to (model/screening.py), the answer leads to SCREENING until it is known
who answered: a person WAITs for an agent; a machine is hung up, or hears a message (PLAYING).

In a broadcast the answer leads to ANNOUNCING: a recorded message plays. Who presses the key for an
agent WAITs for one, as anybody who answered does; who presses the other is never called again.

Events from a switch may come out of order (hang-up before answer, answer without ringing):
a state never goes back, and late arrivals are listed in IGNORED.
"""

from dataclasses import dataclass
from enum import StrEnum

from dialer.model.ids import AgentId, AttemptId, CampaignId, LegId, NodeName
from dialer.model.lead import Lead
from dialer.model.machine import Machine
from dialer.model.outcome import Outcome
from dialer.model.screening import Screening
from dialer.model.third import Third


class CallState(StrEnum):
    DIALING = "DIALING"
    RINGING = "RINGING"
    SCREENING = "SCREENING"
    WAITING = "WAITING"
    CONNECTING = "CONNECTING"
    CONNECTED = "CONNECTED"
    HELD = "HELD"
    TAKEN_OVER = "TAKEN_OVER"
    CONSULTING = "CONSULTING"
    THREE_WAY = "THREE_WAY"
    ENTRUSTED = "ENTRUSTED"
    OUTSIDE = "OUTSIDE"
    ANNOUNCING = "ANNOUNCING"
    PLAYING = "PLAYING"
    ENDED = "ENDED"


class RecordingState(StrEnum):
    """What becomes of the audio. PAUSED: silence is written, so that times stay true."""

    OFF = "OFF"
    ON = "ON"
    PAUSED = "PAUSED"


class CallTrigger(StrEnum):
    RING = "ring"
    ANSWER = "answer"
    SCREEN = "screen"
    PASS = "pass"
    RESERVE = "reserve"
    BRIDGE = "bridge"
    LOSE_AGENT = "lose_agent"
    HOLD = "hold"
    DROP = "drop"
    TAKE_OVER = "take_over"
    CONSULT = "consult"
    MEET = "meet"
    RETURN = "return"
    ENTRUST = "entrust"
    TAKE_BACK = "take_back"
    ANNOUNCE = "announce"
    ASK = "ask"
    EXPIRE = "expire"
    END = "end"


_S, _T = CallState, CallTrigger

CALL_MACHINE: Machine[CallState, CallTrigger] = Machine(
    name="call",
    initial=_S.DIALING,
    final=frozenset({_S.ENDED}),
    table={
        (_S.DIALING, _T.RING): _S.RINGING,
        (_S.DIALING, _T.ANSWER): _S.WAITING,  # some carriers send 200 with no 180 before it
        (_S.DIALING, _T.END): _S.ENDED,
        (_S.RINGING, _T.ANSWER): _S.WAITING,
        (_S.RINGING, _T.END): _S.ENDED,
        (_S.WAITING, _T.SCREEN): _S.SCREENING,
        (_S.SCREENING, _T.PASS): _S.WAITING,
        (_S.SCREENING, _T.DROP): _S.PLAYING,
        (_S.SCREENING, _T.END): _S.ENDED,
        (_S.WAITING, _T.RESERVE): _S.CONNECTING,
        (_S.WAITING, _T.EXPIRE): _S.PLAYING,
        (_S.WAITING, _T.ANNOUNCE): _S.ANNOUNCING,
        (_S.ANNOUNCING, _T.ASK): _S.WAITING,  # pressed the key for an agent
        (_S.ANNOUNCING, _T.END): _S.ENDED,
        (_S.WAITING, _T.END): _S.ENDED,
        (_S.CONNECTING, _T.BRIDGE): _S.CONNECTED,
        (_S.CONNECTING, _T.LOSE_AGENT): _S.WAITING,
        (_S.CONNECTING, _T.END): _S.ENDED,
        (_S.CONNECTED, _T.LOSE_AGENT): _S.WAITING,
        (_S.CONNECTED, _T.HOLD): _S.HELD,
        (_S.CONNECTED, _T.DROP): _S.PLAYING,
        (_S.CONNECTED, _T.TAKE_OVER): _S.TAKEN_OVER,
        (_S.CONNECTED, _T.CONSULT): _S.CONSULTING,
        (_S.CONNECTED, _T.ENTRUST): _S.ENTRUSTED,
        (_S.CONNECTED, _T.END): _S.ENDED,
        (_S.HELD, _T.BRIDGE): _S.CONNECTED,
        (_S.HELD, _T.LOSE_AGENT): _S.WAITING,
        (_S.HELD, _T.DROP): _S.PLAYING,
        (_S.HELD, _T.TAKE_OVER): _S.TAKEN_OVER,
        (_S.HELD, _T.CONSULT): _S.CONSULTING,
        (_S.HELD, _T.ENTRUST): _S.ENTRUSTED,
        (_S.HELD, _T.END): _S.ENDED,
        (_S.TAKEN_OVER, _T.LOSE_AGENT): _S.WAITING,
        (_S.TAKEN_OVER, _T.END): _S.ENDED,
        (_S.CONSULTING, _T.RETURN): _S.HELD,
        (_S.CONSULTING, _T.MEET): _S.THREE_WAY,
        (_S.CONSULTING, _T.ENTRUST): _S.ENTRUSTED,
        (_S.CONSULTING, _T.LOSE_AGENT): _S.WAITING,
        (_S.CONSULTING, _T.END): _S.ENDED,
        (_S.THREE_WAY, _T.RETURN): _S.HELD,
        (_S.THREE_WAY, _T.ENTRUST): _S.ENTRUSTED,
        (_S.THREE_WAY, _T.END): _S.ENDED,
        (_S.ENTRUSTED, _T.BRIDGE): _S.OUTSIDE,
        (_S.ENTRUSTED, _T.TAKE_BACK): _S.WAITING,
        (_S.ENTRUSTED, _T.END): _S.ENDED,
        (_S.OUTSIDE, _T.END): _S.ENDED,
        (_S.PLAYING, _T.END): _S.ENDED,
    },
    ignored=frozenset(
        {(s, _T.RING) for s in _S if s is not _S.DIALING}  # 180 after 183, or after the answer
        | {(s, _T.ANSWER) for s in _S if s not in (_S.DIALING, _S.RINGING)}
        | {(_S.ENDED, _T.END), (_S.ENDED, _T.BRIDGE), (_S.ENDED, _T.LOSE_AGENT)}
        | {(_S.PLAYING, _T.BRIDGE), (_S.WAITING, _T.BRIDGE), (_S.CONNECTED, _T.BRIDGE)}
        | {(_S.TAKEN_OVER, _T.BRIDGE)}
        | {(_S.CONSULTING, _T.BRIDGE), (_S.THREE_WAY, _T.BRIDGE), (_S.OUTSIDE, _T.BRIDGE)}
        | {(_S.WAITING, _T.LOSE_AGENT), (_S.PLAYING, _T.LOSE_AGENT)}
    ),
    timeouts={
        _S.SCREENING: _T.PASS,
        _S.WAITING: _T.EXPIRE,
        _S.CONSULTING: _T.RETURN,
        _S.ENTRUSTED: _T.TAKE_BACK,
        _S.OUTSIDE: _T.END,
    },
)


@dataclass(slots=True)
class Call:
    """One call in progress. Times are seconds on the monotonic clock; None until they happen."""

    attempt_id: AttemptId
    leg_id: LegId
    campaign_id: CampaignId
    lead: Lead
    node: NodeName
    dialed_at: float
    state: CallState = CallState.DIALING
    ringing_at: float | None = None
    has_early_media: bool = False
    """The network began with tones or words (183), not with ringing (180)."""
    answered_at: float | None = None
    waiting_since: float | None = None
    """Start of the present wait; differs from `answered_at` after an agent's phone dropped."""
    bridged_at: float | None = None
    agent_id: AgentId | None = None
    """Who talks, or will; before the answer: who placed the call himself."""
    talked_to: AgentId | None = None
    """The last agent it was bridged to; `agent_id` may be one who is only about to take it."""
    owed_by: AgentId | None = None
    """Who talked to the customer and let go of him without a disposition: owes it if nobody else
    comes to talk."""
    notice_at: float | None = None
    connecting_at: float = 0.0
    """When the last bridge was asked for."""
    held_until: float | None = None
    """While HELD: when the legs are joined again unasked."""
    is_resuming: bool = False
    """While HELD: the legs are being joined again, so no more music."""
    is_returning: bool = False
    """While HELD: to be joined with the agent as soon as his leg is alone."""
    message: str = ""
    """Recording to play once the customer's leg is alone: the agent dropped the call on it."""
    is_broadcast: bool = False
    """Dialled for a recorded message, whatever the campaign's mode is since."""
    has_heard_message: bool = False
    """The broadcast's message came to its end."""
    has_opted_out: bool = False
    screening: Screening | None = None
    """Of a call that was dialled to be listened to."""
    screens_until: float = 0.0
    """While SCREENING: when it is over, whatever was told."""
    announced: Outcome | None = None
    """What tones before the answer said; the call is being hung up for it."""
    is_handed_over: bool = False
    """CONNECTING to the agent whom another one named: should that fail, the wait begins anew."""
    third: Third | None = None
    giver_id: AgentId | None = None
    """Who gave the customer to an outside number: gets him back when nobody answers there."""
    entrusted_at: float | None = None
    """When the last agent gave the customer away: talk time of agents ends there."""
    has_steps: bool = False
    """Its course is being written down step by step (NoteStep)."""
    records_again: bool = False
    """The recording is paused while no agent is there; it goes on with the next one."""
    recording: RecordingState = RecordingState.OFF
    trunk: str = ""
    """The way out that its present leg took."""
    tried_trunks: tuple[str, ...] = ()
    """All that its legs took, the present one included."""
    settles_at: float = 0.0
    """Not to be bridged before: the switch is parking the leg after an agent's phone dropped."""

    @property
    def greeted_at(self) -> float | None:
        """From when on the person waits: the end of his greeting where it was listened to, else
        the answer."""
        heard = self.screening.greeted_at if self.screening is not None else None
        return self.answered_at if heard is None else heard

    def fire(self, trigger: CallTrigger) -> None:
        """Advance by the table; raises as Machine.step does and then changes nothing."""
        self.state = CALL_MACHINE.step(self.state, trigger)
