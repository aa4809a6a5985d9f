"""Who carries out what: one table from command type to adapter. Nothing here blocks the engine."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import gevent
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from dialer.bus import Bus
from dialer.model.commands import (
    AnswerLeg,
    BlockPerson,
    BridgeLegs,
    CallAgent,
    CallCommand,
    CallOutside,
    CallSupervisor,
    ClaimLead,
    CloseAttempt,
    Command,
    ControlCommand,
    FetchLead,
    FinishCampaign,
    HangUpLeg,
    HoldLead,
    JoinRoom,
    MuteLeg,
    NoteAgent,
    NoteArrival,
    NoteAttempt,
    NoteOutsideCall,
    NotePacing,
    NoteRecording,
    NoteSkip,
    NoteStep,
    NoteSupervision,
    OfferLead,
    Originate,
    OverhearLeg,
    ParkLeg,
    PlayNotice,
    PlaySound,
    PopLead,
    RaiseAlarm,
    RecordLeg,
    RefillHopper,
    ReleaseLeads,
    SendDigits,
    ShowResult,
    SwitchCommand,
)
from dialer.model.events import (
    BridgeFailed,
    ControlFailed,
    Event,
    LeadClaimed,
    LeadFetched,
    LeadsClaimed,
    NumberBlocked,
    OriginateFailed,
)
from dialer.model.ids import CampaignId, NodeName
from dialer.model.lead import Lead
from dialer.run.clocks import SystemClock
from dialer.run.screens import Screens
from dialer.run.store_writer import StoreWriter
from dialer.store import claims
from dialer.store.session import SessionFactory, transaction
from dialer.switch.node import SwitchNode

log = logging.getLogger(__name__)


class Effects:
    """`emit` gives events back to the engine; `paint` draws a campaign for the screens."""

    def __init__(
        self,
        sessions: SessionFactory,
        bus: Bus,
        nodes: Mapping[NodeName, SwitchNode],
        emit: Callable[[Event], None],
        clock: SystemClock,
        paint: Callable[[CampaignId], None],
    ) -> None:
        self.writer = StoreWriter(
            sessions, self._on_switch, emit, self._tell_all, lambda: clock.now().utc
        )
        self.screens = Screens(bus)
        self._bus = bus
        self._sessions = sessions
        self._nodes = nodes
        self._emit = emit
        self._clock = clock
        self._paint = paint
        self._table: Mapping[type, Callable[[Any], None]] = {
            RefillHopper: self._refill,
            ClaimLead: self._claim_lead,
            FetchLead: self._fetch_lead,
            HoldLead: self.writer.submit,
            BlockPerson: self.writer.submit,
            NoteSkip: self.writer.submit,
            Originate: self.writer.submit,
            NoteAttempt: self.writer.submit,
            CloseAttempt: self.writer.submit,
            ReleaseLeads: self.writer.submit,
            FinishCampaign: self.writer.submit,
            NoteAgent: self._note_agent,
            PopLead: self.screens.submit,
            OfferLead: self.screens.submit,
            ShowResult: self.screens.submit,
            RaiseAlarm: self._alarm,
            CallAgent: self._on_switch,
            CallSupervisor: self._on_switch,
            CallOutside: self._on_switch,
            JoinRoom: self._on_switch,
            AnswerLeg: self._on_switch,
            BridgeLegs: self._on_switch,
            PlayNotice: self._on_switch,
            HangUpLeg: self._on_switch,
            ParkLeg: self._on_switch,
            PlaySound: self._on_switch,
            MuteLeg: self._on_switch,
            SendDigits: self._on_switch,
            RecordLeg: self._on_switch,
            OverhearLeg: self._on_switch,
            NoteRecording: self.writer.submit,
            NoteSupervision: self._note_supervision,
            NoteArrival: self.writer.submit,
            NotePacing: self.writer.submit,
            NoteStep: self.writer.submit,
            NoteOutsideCall: self.writer.submit,
        }

    def perform(self, command: Command) -> None:
        """Pass a command to its adapter."""
        self._table[type(command)](command)

    def _on_switch(self, command: SwitchCommand) -> None:
        node = self._nodes.get(command.node)
        if node is not None:
            node.execute(command)
        elif isinstance(command, CallCommand):
            self._emit(OriginateFailed(command.leg_id, "NO_NODE", is_local=True))
        elif isinstance(command, BridgeLegs):
            self._emit(BridgeFailed(command.customer_leg_id, command.agent_leg_id, "no node"))
        elif isinstance(command, ControlCommand):
            self._emit(ControlFailed(command.leg_id, type(command).__name__, "no node"))

    def _tell_all(self, event: NumberBlocked) -> None:
        """Every controller hears it, this one too; one that missed it is refused when it dials."""
        try:
            self._bus.tell(event)
        except RedisError as error:
            log.warning("bus: a blocked number is told to this controller alone: %s", error)
            self._emit(event)

    def _refill(self, command: RefillHopper) -> None:
        gevent.spawn(self._claim, command)

    def _claim(self, command: RefillHopper) -> None:
        """An answer comes in any case, or the hopper would wait for ever."""
        claimed: tuple[Any, ...] = ()
        try:
            with transaction(self._sessions) as session:
                claimed = claims.claim(
                    session, command.campaign_id, command.n_leads, command.lease_s,
                    self._clock.now().utc,
                )  # fmt: skip
        except SQLAlchemyError as error:
            log.warning("campaign=%s claim failed: %s", command.campaign_id, error)
        self._emit(LeadsClaimed(command.campaign_id, claimed))

    def _claim_lead(self, command: ClaimLead) -> None:
        gevent.spawn(self._claim_one, command)

    def _claim_one(self, command: ClaimLead) -> None:
        """An answer comes in any case, or the agent would wait for ever."""
        lead = self._claimed(command)
        self._emit(
            LeadClaimed(
                command.campaign_id, command.agent_id, command.lead_id, lead, command.is_call_now
            )
        )

    def _fetch_lead(self, command: FetchLead) -> None:
        gevent.spawn(self._fetch_one, command)

    def _fetch_one(self, command: FetchLead) -> None:
        self._emit(LeadFetched(command.campaign_id, self._claimed(command)))

    def _claimed(self, command: ClaimLead | FetchLead) -> Lead | None:
        try:
            with transaction(self._sessions) as session:
                return claims.claim_one(
                    session, command.campaign_id, command.lead_id, command.lease_s,
                    self._clock.now().utc,
                )  # fmt: skip
        except SQLAlchemyError as error:
            log.warning("lead=%s claim failed: %s", command.lead_id, error)
            return None

    def _note_agent(self, command: NoteAgent) -> None:
        self.writer.submit(command)
        self.screens.submit(command)

    def _note_supervision(self, command: NoteSupervision) -> None:
        """Whoever pressed a button waits for its effect: the picture is drawn at once."""
        self.writer.submit(command)
        gevent.spawn(self._paint, command.campaign_id)

    def _alarm(self, command: RaiseAlarm) -> None:
        log.warning("alarm %s: %s", command.code, command.detail)
        self.writer.submit(command)
