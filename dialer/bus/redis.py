"""The bus on Redis: streams where nothing may be lost, publish/subscribe where the newest wins.

Keys: `relance:people` stream of people's events, `relance:people:cursor:<controller>` how far
each controller has read it; `relance:agent:<id>` stream of one agent's screen; `relance:desk:<id>`
when an agent's page last answered; `relance:snapshot:<campaign>` newest picture, and
`relance:trail:<campaign>` a few figures of the last ten minutes; channel `relance:live` each new
picture. Stream identities rise, so a reader that comes back asks for what followed the last it saw.
"""

from collections.abc import Iterator, Sequence
from typing import Any, cast

import orjson
from redis import Redis

from dialer.bus.codec import as_plain, decode_people_event, encode
from dialer.model.commands import ScreenCommand
from dialer.model.errors import BadInput
from dialer.model.events import PeopleEvent
from dialer.model.ids import AgentId, CampaignId
from dialer.model.snapshot import CampaignView

PEOPLE_STREAM = "relance:people"
LIVE_CHANNEL = "relance:live"
PEOPLE_STREAM_LENGTH = 100_000
AGENT_STREAM_LENGTH = 200
DESK_MEMORY_MS = 86_400_000
"""How long a page's last sign is remembered: how much of it is gone tells the silence, so that no
two clocks are compared."""
SNAPSHOT_LIFE_S = 15
"""A picture older than this is gone: a dead controller must not look alive."""
TRAIL_FIELDS = ("at", "abandon_rate", "occupancy", "n_dialing", "n_ringing", "n_attempts")
"""Of each picture, for a chart that is opened later."""
TRAIL_LENGTH = 600


def connection(url: str) -> Redis:
    """A client of the Redis at `url` (redis:// or unix://). Connects at first use.

    Protocol 2: Redis 6 is the oldest server that is supported, and all that is used it has.
    """
    return Redis.from_url(url, decode_responses=False, health_check_interval=10, protocol=2)


def connect(url: str) -> "Bus":
    """A bus on the Redis at `url`."""
    return Bus(connection(url))


class Bus:
    """One client's view of the bus. Methods raise redis.RedisError when Redis is out of reach."""

    def __init__(self, redis: "Redis") -> None:
        self.redis = redis

    # --- people to controller ---------------------------------------------------------------

    def tell(self, event: PeopleEvent) -> str:
        """Queue a person's event for the controller; it survives a controller that is down."""
        entry = {"event": encode(event)}
        return _text(
            self.redis.xadd(
                PEOPLE_STREAM, cast(Any, entry), maxlen=PEOPLE_STREAM_LENGTH, approximate=True
            )
        )

    def heard(self, after: str, wait_ms: int) -> list[tuple[str, PeopleEvent | BadInput]]:
        """Events that followed the stream identity `after`; waits up to `wait_ms` for one.

        What does not decode comes back as the BadInput itself, so that it is counted and passed.
        """
        found = cast(Any, self.redis.xread({PEOPLE_STREAM: after}, count=500, block=wait_ms))
        entries = found[0][1] if found else []
        return [(_text(identity), _decoded(body.get(b"event", b""))) for identity, body in entries]

    def cursor(self, controller: str) -> str:
        """Identity of the last event that this controller has taken over; "0" at first."""
        return _text(cast(Any, self.redis.get(cursor_key(controller))) or b"0")

    def keep_cursor(self, controller: str, identity: str) -> None:
        """Remember that all events up to `identity` are taken over."""
        self.redis.set(cursor_key(controller), identity)

    # --- controller to agents ---------------------------------------------------------------

    def show_agent(self, note: ScreenCommand) -> None:
        """Send one note to its agent's screen."""
        self.show_agents([note])

    def show_agents(self, notes: Sequence[ScreenCommand]) -> None:
        """Send agents' new states, or leads to talk to, to their screens: all or none, in order."""
        with self.redis.pipeline(transaction=True) as pipe:
            for note in notes:
                pipe.xadd(
                    agent_stream(note.agent_id),
                    cast(Any, {"event": orjson.dumps(as_plain(note))}),
                    maxlen=AGENT_STREAM_LENGTH,
                    approximate=True,
                )
            pipe.execute()

    def agent_events(
        self, agent_id: AgentId, after: str, wait_ms: int
    ) -> list[tuple[str, dict[str, Any]]]:
        """What followed identity `after` on the agent's screen: ScreenCommands, as JSON."""
        found = cast(Any, self.redis.xread({agent_stream(agent_id): after}, block=wait_ms))
        entries = found[0][1] if found else []
        return [(_text(identity), orjson.loads(body[b"event"])) for identity, body in entries]

    def agents_events(
        self, after: dict[AgentId, str], wait_ms: int
    ) -> list[tuple[AgentId, str, dict[str, Any]]]:
        """The same for several agents at once: (agent, identity, event), each agent's in order."""
        streams = {agent_stream(agent_id): identity for agent_id, identity in after.items()}
        names = {agent_stream(agent_id).encode(): agent_id for agent_id in after}
        found = cast(Any, self.redis.xread(cast(Any, streams), block=wait_ms))
        return [
            (names[stream], _text(identity), orjson.loads(body[b"event"]))
            for stream, entries in found or []
            for identity, body in entries
        ]

    def newest(self, agent_id: AgentId) -> str:
        """Identity of the newest event of an agent's screen; "0" when there is none."""
        found = cast(Any, self.redis.xrevrange(agent_stream(agent_id), count=1))
        return _text(found[0][0]) if found else "0"

    def agent_tail(self, agent_id: AgentId, count: int = 50) -> list[tuple[str, dict[str, Any]]]:
        """The newest events of the agent's screen, oldest first: enough to draw it anew."""
        found = cast(Any, self.redis.xrevrange(agent_stream(agent_id), count=count))
        return [(_text(i), orjson.loads(body[b"event"])) for i, body in reversed(found)]

    # --- who is at the desk -----------------------------------------------------------------

    def desk_lives(self, agent_id: AgentId) -> None:
        """Note that the agent's page answers now, by Redis' own clock."""
        self.redis.set(desk_key(agent_id), b"", px=DESK_MEMORY_MS)

    def desk_silences(self, agent_ids: Sequence[AgentId]) -> dict[AgentId, float]:
        """Seconds since each agent's page answered; those whose page never did are left out."""
        with self.redis.pipeline(transaction=False) as pipe:
            for agent_id in agent_ids:
                pipe.pttl(desk_key(agent_id))
            left_ms = pipe.execute()
        return {
            agent_id: (DESK_MEMORY_MS - left) / 1000.0
            for agent_id, left in zip(agent_ids, left_ms, strict=True)
            if left >= 0
        }

    # --- controller to supervisors ----------------------------------------------------------

    def publish(self, view: CampaignView) -> None:
        """Replace the campaign's picture and tell all who watch."""
        body, trail = encode(view), trail_key(view.campaign_id)
        point = orjson.dumps({name: getattr(view, name) for name in TRAIL_FIELDS})
        with self.redis.pipeline(transaction=False) as pipe:
            pipe.set(snapshot_key(view.campaign_id), body, ex=SNAPSHOT_LIFE_S)
            pipe.rpush(trail, point)
            pipe.ltrim(trail, -TRAIL_LENGTH, -1)
            pipe.expire(trail, TRAIL_LENGTH)
            pipe.publish(LIVE_CHANNEL, body)
            pipe.execute()

    def snapshot(self, campaign_id: CampaignId) -> dict[str, Any] | None:
        """The newest picture of a campaign, or None when no controller draws it."""
        body = cast(Any, self.redis.get(snapshot_key(campaign_id)))
        return orjson.loads(body) if body else None

    def trail(self, campaign_id: CampaignId) -> list[dict[str, Any]]:
        """The campaign's last minutes, TRAIL_FIELDS of each picture, oldest first."""
        points = cast(Any, self.redis.lrange(trail_key(campaign_id), 0, -1))
        return [orjson.loads(point) for point in points]

    def watch(self, timeout_s: float) -> Iterator[dict[str, Any] | None]:
        """Pictures of all campaigns as they come; None after each `timeout_s` of silence."""
        with cast(Any, self.redis).pubsub(ignore_subscribe_messages=True) as subscription:
            subscription.subscribe(LIVE_CHANNEL)
            while True:
                message = subscription.get_message(timeout=timeout_s)
                yield orjson.loads(message["data"]) if message else None


def agent_stream(agent_id: AgentId) -> str:
    """Key of the stream that an agent's screen reads."""
    return f"relance:agent:{agent_id}"


def cursor_key(controller: str) -> str:
    """Key of how far a controller has read the people's stream."""
    return f"relance:people:cursor:{controller}"


def desk_key(agent_id: AgentId) -> str:
    """Key that lives on from the last sign of an agent's page."""
    return f"relance:desk:{agent_id}"


def snapshot_key(campaign_id: CampaignId) -> str:
    """Key of a campaign's newest picture."""
    return f"relance:snapshot:{campaign_id}"


def trail_key(campaign_id: CampaignId) -> str:
    """Key of the figures of a campaign's last minutes."""
    return f"relance:trail:{campaign_id}"


def _text(raw: Any) -> str:
    return raw.decode() if isinstance(raw, bytes) else str(raw)


def _decoded(raw: bytes) -> PeopleEvent | BadInput:
    try:
        return decode_people_event(raw)
    except BadInput as error:
        return error
