"""A lead: one party to reach in a list, and where it stands in the campaign's work.

The database holds the state; the engine only holds leads that it has claimed. A claim is a
lease: when it ends (controller gone), the lead becomes claimable again, except when an attempt
row is open for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from dialer.model.ids import AgentId, LeadId, ListId
from dialer.model.machine import Machine

HOT_PRIORITY = 20
"""Of leads whose person waits to be called: before everything but callbacks."""
LIST_PRIORITY = 50
"""Of leads that have no priority of their own: that of their list counts."""


class LeadState(StrEnum):
    NEW = "NEW"
    CLAIMED = "CLAIMED"
    DIALING = "DIALING"
    WAITING_RETRY = "WAITING_RETRY"
    CALLBACK = "CALLBACK"
    DONE = "DONE"
    BLOCKED = "BLOCKED"


class LeadTrigger(StrEnum):
    CLAIM = "claim"
    RELEASE = "release"
    DIAL = "dial"
    RETRY = "retry"
    CALL_BACK = "call_back"
    FINISH = "finish"
    BLOCK = "block"
    RECYCLE = "recycle"
    WITHDRAW = "withdraw"


_S, _T = LeadState, LeadTrigger

LEAD_MACHINE: Machine[LeadState, LeadTrigger] = Machine(
    name="lead",
    initial=_S.NEW,
    table={
        (_S.NEW, _T.CLAIM): _S.CLAIMED,
        (_S.WAITING_RETRY, _T.CLAIM): _S.CLAIMED,
        (_S.CALLBACK, _T.CLAIM): _S.CLAIMED,
        (_S.CLAIMED, _T.RELEASE): _S.WAITING_RETRY,
        (_S.CLAIMED, _T.DIAL): _S.DIALING,
        (_S.DIALING, _T.RETRY): _S.WAITING_RETRY,
        (_S.DIALING, _T.CALL_BACK): _S.CALLBACK,
        (_S.DIALING, _T.FINISH): _S.DONE,
        (_S.DONE, _T.RETRY): _S.WAITING_RETRY,  # the agent said: a machine
        (_S.DONE, _T.CALL_BACK): _S.CALLBACK,
        (_S.DONE, _T.FINISH): _S.DONE,
        (_S.DONE, _T.RECYCLE): _S.WAITING_RETRY,
        (_S.WAITING_RETRY, _T.CALL_BACK): _S.CALLBACK,
        (_S.WAITING_RETRY, _T.FINISH): _S.DONE,
        (_S.CALLBACK, _T.FINISH): _S.DONE,
        **{(s, _T.WITHDRAW): _S.DONE for s in (_S.NEW, _S.CLAIMED, _S.WAITING_RETRY, _S.CALLBACK)},
        **{(s, _T.BLOCK): _S.BLOCKED for s in _S},
    },
    final=frozenset({_S.BLOCKED}),
    ignored=frozenset(
        {
            (_S.CALLBACK, _T.CALL_BACK),
            (_S.BLOCKED, _T.FINISH),
            (_S.DONE, _T.WITHDRAW),
            (_S.BLOCKED, _T.WITHDRAW),
        }
    ),
)


@dataclass(frozen=True, slots=True)
class Lead:
    """A claimed lead as the engine needs it. `fields` are for the agent's screen only."""

    lead_id: LeadId
    list_id: ListId
    number: str
    """E.164 with the plus sign; of several, the one whose turn it is."""
    time_zone: str
    """IANA name of the zone whose calling hours hold for this lead."""
    n_attempts: int = 0
    """Attempts opened before this one, whatever became of them."""
    n_tries: int = 0
    """Attempts in which the network really tried the person."""
    tries_at: tuple[float, ...] = ()
    """UTC seconds of the latest tries of its person, of whichever list and campaign, in order."""
    last_outcome: str = ""
    """Of the attempt before; empty: never called."""
    abandoned_at: float | None = None
    """UTC seconds at which its number was last answered to nobody."""
    refused_at: float | None = None
    """UTC seconds at which its person last refused to talk."""
    is_do_not_call: bool = False
    has_consent: bool = False
    """A consent to be called is on record."""
    is_withdrawn: bool = False
    """Its person asked to be called no more, and no consent is on record since."""
    is_being_called: bool = False
    """Its number is in a call already."""
    promised_at: float | None = None
    """UTC seconds of a callback that another lead of the number has."""
    caller_id: str = ""
    """The number that its person was shown first; empty: none yet."""
    is_callback: bool = False
    callback_agent_id: AgentId | None = None
    """Who promised the callback, and should make it."""
    due_at: float | None = None
    """UTC seconds since when it may be called."""
    priority: int = LIST_PRIORITY
    """Lower is dialled first."""
    claim_no: int | None = None
    """The claim that it came by; whoever dials it by an older one is refused."""
    has_other_numbers: bool = False
    """It may be reached at other numbers too."""
    is_finished: bool = False
    """Was DONE: an agent chose to call it again, nothing else does."""
    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
