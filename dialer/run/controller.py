"""The controller process: joins engine, switches, store and bus, and owns campaigns.

Greenlets: the engine's loop; the store's writer; the screens' notes; the people's events; the
keeper, which takes and gives up campaigns, rereads their settings, sweeps expired claims and keeps
what pacing has learnt; the painter, which draws each campaign once a second; and presence, which
hears whether agents' pages still answer.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import gevent
from redis import RedisError
from sqlalchemy.exc import SQLAlchemyError

from dialer.bus import Bus
from dialer.config import Settings
from dialer.engine.dispatcher import Dispatcher
from dialer.model.amd import AmdProfile
from dialer.model.campaign import Campaign, CampaignState
from dialer.model.errors import BadInput
from dialer.model.events import (
    AgentLoggedIn,
    CampaignConfigured,
    CampaignEnded,
    NodeDraining,
    NodeTrunks,
    PeopleEvent,
)
from dialer.model.ids import CampaignId, NodeName
from dialer.policy.screening import profile_of
from dialer.run.clocks import SystemClock
from dialer.run.ears.folders import tap_folders, with_own_tap
from dialer.run.ears.link import EarsLink
from dialer.run.effects import Effects
from dialer.run.engine_loop import EngineLoop
from dialer.run.history import read_history
from dialer.run.lease import Leases
from dialer.run.presence import LOOK_EVERY_S, Presence
from dialer.run.recovery import look_again, take_over
from dialer.store import campaigns, leads, pacing_memory
from dialer.store.session import SessionFactory, make_session_factory, transaction
from dialer.switch.node import SwitchNode
from esl import EslError

log = logging.getLogger(__name__)

OWNED_STATES = (CampaignState.RUNNING, CampaignState.PAUSED, CampaignState.DRAINING)
KEEP_EVERY_S = 1.0
PAINT_EVERY_S = 1.0
SWEEP_EVERY_S = 30.0
LISTEN_MS = 1000
LOGIN_PATIENCE_S = 15.0
"""A login to a campaign that is not owned yet waits so long for it."""
FLUSH_LIMIT_S = 10.0


class Controller:
    def __init__(self, settings: Settings, database_url: str, bus: Bus, name: str) -> None:
        self.name = name
        self.clock = SystemClock()
        self.bus = bus
        self.sessions: SessionFactory = make_session_factory(database_url, pool_size=8)
        self.leases = Leases(database_url)
        self.dispatcher = Dispatcher(mint=lambda: str(uuid4()))
        self.nodes: dict[NodeName, SwitchNode] = {}
        self.effects = Effects(
            self.sessions, bus, self.nodes, self._emit, self.clock, self._paint_one
        )
        self.loop = EngineLoop(self.dispatcher, self.effects.perform, self.clock)
        self.presence = Presence(bus, self.dispatcher.agents, self._emit)
        self._settings_seen: dict[CampaignId, Campaign] = {}
        self._early_logins: list[tuple[float, AgentLoggedIn]] = []
        self._settled: set[str] = set()
        """Campaigns taken over to the last leg: whatever else is found of them is nobody's."""
        self._swept_at = float("-inf")
        self.ears = EarsLink(tap_folders(settings.switches, name), self._emit)
        for switch in settings.switches:
            self._emit(NodeDraining(switch.name, switch.is_draining))
            self._emit(NodeTrunks(switch.name, tuple(rules for rules, _ in switch.trunks)))
            # Only its own: another switch does not know them, which would read as their end.
            legs = partial(self.dispatcher.legs, switch.name)
            self.nodes[switch.name] = SwitchNode(
                with_own_tap(switch, name), self._emit, legs, self._settled.__contains__, self.ears
            )

    def _emit(self, event: object) -> None:
        self.loop.emit(event)  # type: ignore[arg-type]

    # --- life -----------------------------------------------------------------------------------

    def run(self) -> None:
        """Run until `stop`; then everything decided so far is still written."""
        for node in self.nodes.values():
            node.start()
        helpers: list[Any] = [
            gevent.spawn(self.effects.writer.run),
            gevent.spawn(self.effects.screens.run),
            gevent.spawn(self._repeat, "keeper", self._keep, KEEP_EVERY_S),
            gevent.spawn(self._repeat, "painter", self._paint, PAINT_EVERY_S),
            gevent.spawn(self._repeat, "presence", self.presence.look, LOOK_EVERY_S),
            gevent.spawn(self._listen),
        ]
        log.info("controller %s runs with %d switches", self.name, len(self.nodes))
        try:
            self.loop.run()
        finally:
            self._close_books()
            self.effects.writer.flush(FLUSH_LIMIT_S)
            gevent.killall(helpers)
            self.ears.stop()
            for node in self.nodes.values():
                node.stop()
            self.leases.close()

    def _close_books(self) -> None:
        for engine in self.dispatcher.campaigns.values():
            for command in engine.close_books():
                self.effects.perform(command)

    def stop(self) -> None:
        """End `run`; live calls stay on the switch for the next controller."""
        self.loop.stop()

    def _repeat(self, what: str, action: Callable[[], None], every_s: float) -> None:
        while True:
            try:
                action()
            except (SQLAlchemyError, RedisError, EslError) as error:
                log.warning("%s: %s", what, error)
            except Exception as error:
                log.exception("%s failed: %s", what, error)
            gevent.sleep(every_s)

    # --- people ---------------------------------------------------------------------------------

    def _listen(self) -> None:
        """Hand over what people asked; the cursor moves only after the engine's queue has it."""
        cursor = ""
        while True:
            try:
                cursor = cursor or self.bus.cursor(self.name)
                heard = self.bus.heard(cursor, LISTEN_MS)
                for identity, event in heard:
                    self._hear(event)
                    cursor = identity
                if heard:
                    self.bus.keep_cursor(self.name, cursor)
            except RedisError as error:
                log.warning("bus: %s", error)
                gevent.sleep(1.0)

    def _hear(self, event: PeopleEvent | BadInput) -> None:
        if isinstance(event, BadInput):
            log.warning("bus: refused: %s", event)
        elif isinstance(event, AgentLoggedIn) and event.campaign_id not in self.leases.held:
            self._early_logins.append((self.clock.now().mono + LOGIN_PATIENCE_S, event))
        else:
            self._emit(event)

    # --- campaigns ------------------------------------------------------------------------------

    def _keep(self) -> None:
        """Own the campaigns that are to be worked on, and follow their settings."""
        if self.leases.held and not self.leases.still_held():
            self._lose_everything()
        with transaction(self.sessions) as session:
            wanted = {c.campaign_id: c for c in campaigns.campaigns_in(session, OWNED_STATES)}
        for campaign_id in set(self._settings_seen) - wanted.keys():
            self._give_up(campaign_id)
        mine = {i: c for i, c in wanted.items() if not c.pool or self.leases.take_pool(c.pool)}
        for campaign_id in self.leases.held & (wanted.keys() - mine.keys()):
            self._hand_over(campaign_id)
        self.leases.keep_pools(campaign.pool for campaign in mine.values())
        if self._nodes_are_ready():
            for campaign_id in self.leases.take(mine):
                self._begin(mine[campaign_id])
        for campaign_id in self.leases.held & wanted.keys():
            self._follow(wanted[campaign_id])
        self._retry_logins()
        self._sweep()

    def _nodes_are_ready(self) -> bool:
        """Taking over needs every switch's word on its legs."""
        return all(self.dispatcher.nodes.get(name).is_up for name in self.nodes)

    def _begin(self, campaign: Campaign) -> None:
        """Take a campaign over from an earlier run: history, then agents, then calls."""
        campaign_id, now = campaign.campaign_id, self.clock.now()
        with transaction(self.sessions) as session:
            known = read_history(session, campaign, now.utc)
            leads.release_all(session, campaign_id)  # claims of a run that is no more
        try:
            taken = list(take_over(self.sessions, self.nodes, campaign_id, now.utc))
        except EslError:
            self.leases.give_up(campaign_id)
            raise
        self._follow(campaign)
        self._emit(known)
        for event in taken:
            self._emit(event)
        for missed in look_again(self.nodes, taken):
            self._emit(missed)
        self.loop.call(lambda: self._settled.add(str(campaign_id)))
        log.info("campaign=%s owned", campaign_id)

    def _follow(self, campaign: Campaign) -> None:
        if self._settings_seen.get(campaign.campaign_id) != campaign:
            self._settings_seen[campaign.campaign_id] = campaign
            self._wake_ears(campaign)
            self._emit(CampaignConfigured(campaign))

    def _wake_ears(self, campaign: Campaign) -> None:
        """Before it dials: its first answers are heard, too."""
        is_listening = profile_of(campaign) is not AmdProfile.OFF
        if is_listening and campaign.state is CampaignState.RUNNING:
            for node in self.nodes.values():
                node.wake_ears()

    def _give_up(self, campaign_id: CampaignId) -> None:
        """The campaign is over: its agents are free for others."""
        campaign = self._settings_seen.pop(campaign_id)
        self._settled.discard(str(campaign_id))
        log.info("campaign=%s %s given up", campaign_id, campaign.name)
        self._emit(CampaignEnded(campaign_id))
        self.leases.give_up(campaign_id)

    def _hand_over(self, campaign_id: CampaignId) -> None:
        """It joined a pool of another controller, which takes it over with its calls."""
        log.info("campaign=%s handed over", campaign_id)
        self._settings_seen.pop(campaign_id, None)
        self.loop.call(lambda: self.dispatcher.forget(campaign_id))
        self.leases.give_up(campaign_id)

    def _lose_everything(self) -> None:
        self._settled.clear()
        for campaign_id in list(self._settings_seen):
            self._settings_seen.pop(campaign_id)
            self.loop.call(lambda lost=campaign_id: self.dispatcher.forget(lost))  # type: ignore[misc]

    def _retry_logins(self) -> None:
        now = self.clock.now().mono
        waiting, self._early_logins = self._early_logins, []
        for until, event in waiting:
            if event.campaign_id in self.leases.held:
                self._emit(event)
            elif now < until:
                self._early_logins.append((until, event))

    def _sweep(self) -> None:
        now = self.clock.now()
        if now.mono - self._swept_at >= SWEEP_EVERY_S:
            self._swept_at = now.mono
            with transaction(self.sessions) as session:
                leads.reclaim_expired(session, now.utc)
                for campaign_id, engine in list(self.dispatcher.campaigns.items()):
                    pacing_memory.save_memory(session, campaign_id, engine.memory(), now.utc)

    # --- pictures -------------------------------------------------------------------------------

    def _paint(self) -> None:
        now = self.clock.now()
        for engine in list(self.dispatcher.campaigns.values()):
            self.bus.publish(engine.view(now))

    def _paint_one(self, campaign_id: CampaignId) -> None:
        """Outside its turn; when it cannot be shown now, the next turn shows it."""
        engine = self.dispatcher.campaigns.get(campaign_id)
        if engine is None:
            return
        try:
            self.bus.publish(engine.view(self.clock.now()))
        except RedisError as error:
            log.warning("campaign=%s not painted: %s", campaign_id, error)
