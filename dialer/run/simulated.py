"""What does not exist, run live: the simulated switch on TCP, agents at desks, an SMS provider."""

import hashlib
import hmac
import logging
import secrets
from collections import deque
from collections.abc import Callable, Mapping, Sequence

import gevent
import httpx
import orjson
from gevent.event import Event as Flag
from gevent.pywsgi import WSGIServer
from redis import RedisError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from dialer.bus import Bus, decode_screen
from dialer.model.agent import AgentState
from dialer.model.errors import BadInput
from dialer.model.events import AgentDisposed, AgentHungUp, PeopleEvent
from dialer.model.ids import AgentId, CampaignId
from dialer.run.bootstrap import Services
from dialer.run.clocks import SystemClock
from dialer.sim.desks import DeskAgent, DeskEvent, Desks, Disposal
from dialer.sim.replies import reply_of
from dialer.sim.scenarios import SCENARIOS
from dialer.sim.server import SwitchServer
from dialer.sim.sms_provider import ReceivedMessage, SmsProvider
from dialer.sim.wire import WireSwitch
from dialer.store import dispositions
from dialer.store.session import SessionFactory, transaction
from dialer.store.tables import User

log = logging.getLogger(__name__)

OnStop = Callable[[Callable[[], object]], None]
LISTEN_MS = 200
CLOSING_TIME_S = 25.0
BUSY = (AgentState.TALKING, AgentState.WRAP_UP, AgentState.RESERVED)


def run_desks(
    found: Services, campaign_id: int, scenario: str, seed: int, logins: Sequence[str],
    on_stop: OnStop,
) -> None:  # fmt: skip
    """Seat simulated agents until stopped; then they finish their calls and log out."""
    sessions = found.sessions()
    with transaction(sessions) as session:
        rows = session.scalars(select(User).where(User.login.in_(logins)).order_by(User.id)).all()
    agents = [
        DeskAgent(AgentId(r.id), CampaignId(campaign_id), r.name, r.phone_address) for r in rows
    ]
    staff = LiveDesks(found.bus(), sessions, agents, scenario, seed)
    on_stop(staff.stop)
    staff.run()


class LiveDesks:
    """Desks on the bus: sees what screens see, stores dispositions as the web does."""

    def __init__(
        self, bus: Bus, sessions: SessionFactory, agents: Sequence[DeskAgent], scenario: str,
        seed: int,
    ) -> None:  # fmt: skip
        played = SCENARIOS[scenario]
        self._bus = bus
        self._sessions = sessions
        self._clock = SystemClock()
        self._desks = Desks(
            played.population(seed), agents, self._clock.now(), habits=played.habits
        )
        self._states = {agent.agent_id: AgentState.OFFLINE for agent in agents}
        self._seen = {agent.agent_id: bus.newest(agent.agent_id) for agent in agents}
        self._unsaved: deque[Disposal] = deque()
        self._stopping = Flag()

    def stop(self) -> None:
        """Closing time."""
        self._stopping.set()

    def run(self) -> None:
        """Work until `stop`, then finish the calls and go home."""
        while not self._stopping.is_set():
            self._turn()
        self._close()

    def _turn(self) -> None:
        try:
            for agent_id, identity, body in self._bus.agents_events(self._seen, LISTEN_MS):
                self._seen[agent_id] = identity
                shown = decode_screen(body)
                if hasattr(shown, "state"):
                    self._states[agent_id] = shown.state
                self._act(self._desks.handle(shown, self._clock.now()))
            self._act(self._desks.expire(self._clock.now()))
        except (RedisError, SQLAlchemyError) as error:
            log.warning("desks: %s", error)
            gevent.sleep(1.0)

    def _act(self, events: Sequence[DeskEvent]) -> None:
        for event in events:
            if isinstance(event, Disposal):
                self._unsaved.append(event)
            elif isinstance(event, AgentDisposed) and self._unsaved:
                self._save(self._unsaved.popleft(), event)
            else:
                self._bus.tell(event)

    def _save(self, form: Disposal, event: AgentDisposed) -> None:
        """As the web does: store first, then tell the dialer."""
        now = self._clock.now().utc
        callback_at = None if form.callback_in_s is None else now + form.callback_in_s
        try:
            with transaction(self._sessions) as session:
                told: Sequence[PeopleEvent] = dispositions.record(
                    session, form.attempt_id, form.agent_id, form.code, form.note, callback_at,
                    now, is_ready_after=event.is_ready_after,
                )  # fmt: skip
        except BadInput as error:
            log.error("desk %s: disposition refused: %s", form.agent_id, error)
            return
        for item in told:
            self._bus.tell(item)

    def _close(self) -> None:
        """End talks, save forms, log out."""
        until = self._clock.now().mono + CLOSING_TIME_S
        told: set[AgentId] = set()
        while self._is_somebody_busy() and self._clock.now().mono < until:
            talking = {a for a, state in self._states.items() if state is AgentState.TALKING}
            for agent_id in talking - told:
                self._bus.tell(AgentHungUp(agent_id))
            told |= talking
            self._turn()
        self._act(self._desks.log_out_all(self._clock.now()))

    def _is_somebody_busy(self) -> bool:
        return any(state in BUSY for state in self._states.values())


# --- switch --------------------------------------------------------------------------------------


def serve_switch(listen: str, password: str, scenario: str, seed: int, on_stop: OnStop) -> None:
    """Serve the simulated FreeSWITCH on `listen` until stopped."""
    clock = SystemClock()
    played = SCENARIOS[scenario]
    switch = WireSwitch(
        played.population(seed), clock.now(), password=password, limits=played.limits()
    )
    host, _, port = listen.rpartition(":")
    server = SwitchServer((host, int(port)), switch, clock)
    on_stop(server.stop)
    server.serve_forever()


# --- SMS provider --------------------------------------------------------------------------------

DELIVERY, INCOMING = "/webhooks/sms/delivery", "/webhooks/sms/incoming"
REPORT_AFTER_S = 1.0
TELL_LIMIT_S = 5.0


def serve_sms_stand_in(listen: str, web_url: str, token: str, seed: int, on_stop: OnStop) -> None:
    """Take messages on `listen` until stopped. Each is reported delivered to the webhooks at
    `web_url`, and some are answered; without an address nothing is told."""

    def follow(message: ReceivedMessage) -> None:
        if not web_url:
            return
        report = {"id": message.provider_id, "status": "delivered"}
        gevent.spawn_later(REPORT_AFTER_S, _tell, web_url + DELIVERY, token, report)
        if (reply := reply_of(seed, message.to)) is not None:
            told = {"id": f"re-{message.provider_id}", "from": message.to, "text": reply.text}
            gevent.spawn_later(reply.after_s, _tell, web_url + INCOMING, token, told)

    provider = SmsProvider(secrets.token_hex(4), token, follow)
    host, _, port = listen.rpartition(":")
    server = WSGIServer((host, int(port)), provider, log=None)
    on_stop(server.stop)
    server.serve_forever()


def _tell(url: str, token: str, facts: Mapping[str, str]) -> None:
    """Signed as the product's webhooks want it."""
    body = orjson.dumps(facts)
    signature = hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Relance-Signature": signature, "Content-Type": "application/json"}
    try:
        answer = httpx.post(url, content=body, headers=headers, timeout=TELL_LIMIT_S)
    except httpx.HTTPError as error:
        log.warning("webhook not reached: %s", type(error).__name__)
    else:
        if not answer.is_success:
            log.warning("webhook refused: HTTP %s: %s", answer.status_code, answer.text[:200])
