"""One campaign's mailbox: each event goes to the handler that HANDLERS names for its type.

The tables at the end are the index of everything that a campaign reacts to. A late event of the
switch is counted and dropped; a transition that the tables forbid is our own fault and raised.
"""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from dialer.engine import (
    adoption,
    answering,
    arrivals,
    auditing,
    broadcast,
    consult,
    control,
    desks,
    dialing,
    hot,
    legs,
    manual,
    minutes,
    outside,
    phones,
    preview,
    screening,
    supervision,
    supervisor_phone,
    transfer,
    wrapping,
)
from dialer.engine.floor import Floor
from dialer.engine.nodes import Nodes
from dialer.engine.picture import draw
from dialer.model.campaign import Campaign, CampaignState, PacingMode
from dialer.model.commands import Command
from dialer.model.errors import StaleEvent
from dialer.model.events import (
    AgentAdopted,
    AgentAskedHold,
    AgentAskedLead,
    AgentAskedMute,
    AgentAskedPause,
    AgentAskedPhone,
    AgentAskedReady,
    AgentAskedRecording,
    AgentAskedThreeWay,
    AgentCalledLead,
    AgentConsulted,
    AgentConsultedOut,
    AgentDisposed,
    AgentDroppedMessage,
    AgentHandedOver,
    AgentHungUp,
    AgentLoggedIn,
    AgentLoggedOut,
    AgentPlayed,
    AgentReturned,
    AgentSentDigits,
    AgentSkippedLead,
    AgentTransferred,
    AgentTransferredOut,
    AttemptRefused,
    BridgeFailed,
    CallAdopted,
    CampaignConfigured,
    ControlFailed,
    DeskFellSilent,
    Event,
    HistoryRead,
    LeadAdded,
    LeadClaimed,
    LeadFetched,
    LeadsClaimed,
    LeadWithdrawn,
    LegAnnounced,
    LegAnswered,
    LegArrived,
    LegAwaitsMessage,
    LegEnded,
    LegJoined,
    LegLooksMachine,
    LegParked,
    LegPlayed,
    LegPressed,
    LegRinging,
    LegsBridged,
    LegScreened,
    NumberBlocked,
    OriginateFailed,
    SupervisionAdopted,
    SupervisorAsked,
    SupervisorStopped,
)
from dialer.model.ids import NodeName, SupervisorId
from dialer.model.moment import Moment
from dialer.model.snapshot import CampaignView
from dialer.policy.abandon import rule_of
from dialer.policy.memory import recall, remember


class CampaignEngine:
    """handle / expire / next_deadline over one Floor; returns the commands to carry out."""

    def __init__(self, campaign: Campaign, mint: Callable[[], str], nodes: Nodes) -> None:
        self.floor = Floor.open(campaign, mint, nodes)
        self._started = False

    def handle(self, event: Event, now: Moment) -> list[Command]:
        """React to one event. Raises IllegalTransition when our own tables forbid it."""
        if not self._started:
            self._started = True
            self.floor.deadlines.ask(now.mono, "tick")
        try:
            self._react(event, now)
        except StaleEvent:
            self.floor.tally.n_stale_events += 1
        supervision.follow(self.floor, now)
        return self.floor.take()

    def _react(self, event: Event, now: Moment) -> None:
        arrival = arrivals.concerned(self.floor, event)
        listens = supervision.concerned(self.floor, event)
        if arrival is not None:
            arrivals.OF_LEG[type(event)](self.floor, arrival, event, now)
        elif listens is None:
            HANDLERS[type(event)](self.floor, event, now)
        elif handler := supervision.OF_LEG.get(type(event)):
            handler(self.floor, listens, event, now)

    def expire(self, now: Moment) -> list[Command]:
        """Carry out all deadlines that are due."""
        for due in self.floor.deadlines.due(now.mono):
            DEADLINES[due.kind](self.floor, due.key, now)
        supervision.follow(self.floor, now)
        return self.floor.take()

    def next_deadline(self) -> float | None:
        """Monotonic second of the next deadline."""
        return self.floor.deadlines.next()

    def lose_node(self, node: NodeName, now: Moment) -> list[Command]:
        """A switch came back as another process: none of its legs exists any more."""
        for call in [call for call in self.floor.calls if call.node == node]:
            gone = LegEnded(call.leg_id, "LOST" if call.answered_at is None else "NORMAL_CLEARING")
            answering.customer_ended(self.floor, call, gone, now)
        for agent in [agent for agent in self.floor.seated() if agent.node == node]:
            if agent.leg_id is not None:
                legs.phone_lost(self.floor, agent, "SWITCH_RESTARTED", now)
        for arrival in [one for one in self.floor.arrivals.values() if one.node == node]:
            del self.floor.arrivals[arrival.leg_id]
        for listens in self.floor.supervisions:
            if listens.node == node and listens.leg_id is not None:
                supervision.leg_lost(self.floor, listens, "SWITCH_RESTARTED", now)
        supervision.follow(self.floor, now)
        return self.floor.take()

    def has_customer(self, supervisor_id: SupervisorId) -> bool:
        """Whether the supervisor has taken a customer over, or is about to."""
        listens = self.floor.supervisions.of_supervisor(supervisor_id)
        return listens is not None and listens.state in supervision.HAS_CUSTOMER

    def dismiss(self, now: Moment) -> list[Command]:
        """The campaign is over: what becomes of its agents, and of supervisors' phones."""
        desks.dismissed(self.floor, now)
        supervisor_phone.close_all(self.floor, now)
        return self.close_books()

    def close_books(self) -> list[Command]:
        """What is noted but not written yet, before this process ends or lets go."""
        minutes.end_minute(self.floor)
        return self.floor.take()

    def memory(self) -> dict[str, Any]:
        """What pacing has learnt, to be kept for the next run."""
        return remember(self.floor.pacing.learned)

    def view(self, now: Moment) -> CampaignView:
        """The picture for screens."""
        return draw(self.floor, now)


def _configured(floor: Floor, event: CampaignConfigured, now: Moment) -> None:
    was = floor.campaign
    floor.campaign = event.campaign
    floor.ledger.retarget(event.campaign.abandon_target, rule_of(event.campaign.rule_set))
    floor.pacing.learned.ring_timeout_s = event.campaign.ring_timeout_s
    if event.campaign.state is not CampaignState.RUNNING or _is_manual(event.campaign):
        dialing.empty_hopper(floor, now)
    if floor.campaign.amd_budget != was.amd_budget or floor.campaign.amd is not was.amd:
        floor.audit.is_off = False
        auditing.review(floor, now)
    preview.settings_changed(floor, was, now)


def _is_manual(campaign: Campaign) -> bool:
    """Nothing is dialled from the lists, so their leads are not kept from others."""
    return campaign.mode is PacingMode.MANUAL


def _history_read(floor: Floor, event: HistoryRead, now: Moment) -> None:
    minutes.end_minute(floor)  # the history is none of this minute's doing
    auditing.recall(floor, event)
    auditing.review(floor, now)
    recall(floor.pacing.learned, event.memory)
    floor.outside_at = deque(now.mono - (now.utc - at) for at in event.outside_at)


def _number_blocked(floor: Floor, event: NumberBlocked, now: Moment) -> None:
    dialing.number_blocked(floor, event, now)
    preview.number_blocked(floor, event, now)


def _lead_withdrawn(floor: Floor, event: LeadWithdrawn, now: Moment) -> None:
    dialing.lead_withdrawn(floor, event, now)
    preview.lead_withdrawn(floor, event, now)


def _hung_up(floor: Floor, event: AgentHungUp, now: Moment) -> None:
    consult.hung_up(floor, event, now)
    preview.cancelled(floor, event, now)


HANDLERS: Mapping[type, Callable[[Floor, Any, Moment], None]] = {
    CampaignConfigured: _configured,
    HistoryRead: _history_read,
    LeadsClaimed: dialing.leads_claimed,
    AttemptRefused: dialing.attempt_refused,
    LeadClaimed: manual.lead_claimed,
    LeadAdded: hot.added,
    LeadFetched: hot.fetched,
    NumberBlocked: _number_blocked,
    LeadWithdrawn: _lead_withdrawn,
    LegRinging: dialing.leg_ringing,
    LegScreened: screening.screened,
    LegAwaitsMessage: screening.awaits_message,
    LegLooksMachine: screening.looks_machine,
    LegAnnounced: screening.announced,
    LegAnswered: legs.answered,
    LegsBridged: legs.bridged,
    LegParked: legs.parked,
    LegJoined: legs.joined_room,
    LegPlayed: answering.leg_played,
    LegPressed: answering.leg_pressed,
    LegEnded: legs.ended,
    OriginateFailed: legs.originate_failed,
    BridgeFailed: legs.bridge_failed,
    AgentLoggedIn: desks.logged_in,
    AgentAskedPhone: phones.asked_phone,
    AgentAskedReady: desks.asked_ready,
    AgentAskedPause: desks.asked_pause,
    DeskFellSilent: desks.fell_silent,
    AgentHungUp: _hung_up,
    AgentCalledLead: preview.called,
    AgentSkippedLead: preview.skipped,
    AgentAskedLead: manual.asked_lead,
    AgentDisposed: desks.disposed,
    AgentLoggedOut: desks.logged_out,
    AgentAskedHold: control.asked_hold,
    AgentAskedMute: control.asked_mute,
    AgentSentDigits: control.sent_digits,
    AgentPlayed: control.played,
    AgentDroppedMessage: control.dropped_message,
    AgentAskedRecording: control.asked_recording,
    AgentTransferred: transfer.transferred,
    AgentTransferredOut: transfer.transferred_out,
    AgentConsulted: consult.consulted,
    AgentConsultedOut: consult.consulted_out,
    AgentAskedThreeWay: consult.asked_three_way,
    AgentHandedOver: consult.handed_over,
    AgentReturned: consult.returned,
    ControlFailed: control.control_failed,
    LegArrived: arrivals.arrived,
    SupervisorAsked: supervision.asked,
    SupervisorStopped: supervision.stopped,
    AgentAdopted: adoption.agent_adopted,
    CallAdopted: adoption.call_adopted,
    SupervisionAdopted: adoption.supervision_adopted,
}


def _tick(floor: Floor, key: str, now: Moment) -> None:
    dialing.tick(floor, now)
    preview.offer_leads(floor, now)


def _minute(floor: Floor, key: str, now: Moment) -> None:
    minutes.minute_over(floor, now)


def _pace(floor: Floor, key: str, now: Moment) -> None:
    dialing.pace_due(floor, now)
    preview.offer_leads(floor, now)


DEADLINES: Mapping[str, Callable[[Floor, str, Moment], None]] = {
    "tick": _tick,
    "pace": _pace,
    "minute": _minute,
    "reap": dialing.reap,
    "bury": dialing.bury,
    "wait": answering.wait_expired,
    "screen": screening.expired,
    "bridge": answering.bridge_expired,
    "settle": answering.settled,
    "hold": control.hold_expired,
    "message": control.message_due,
    "third": legs.third_due,
    "consult": consult.consult_expired,
    "outside": outside.limit_reached,
    "notice": answering.notice_expired,
    "overrun": wrapping.overrun,
    "preview": preview.preview_over,
    "announce": broadcast.announce_over,
    "cancel": preview.cancel_due,
    "phone": phones.redial_phone,
    "supervision": supervision.due,
    "arrival": arrivals.overdue,
}
