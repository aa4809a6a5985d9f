"""What a switch says of its live legs: for resynchronising and for taking over a run.

`show channels` names candidates only: it is read from a database that lags, and may be switched
off. A leg is gone only when `uuid_dump` of it says so.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import orjson
from gevent.pool import Pool

from dialer.model.call import RecordingState
from dialer.model.events import (
    LegAnswered,
    LegEnded,
    LegParked,
    LegRinging,
    LegsBridged,
    SwitchEvent,
)
from dialer.model.ids import LegId
from dialer.switch import variables
from esl.verbs import ShowChannels, UuidDump

Api = Callable[[object], str]
ASKED_AT_ONCE = 128
"""Questions under way together: one round trip each, 2,000 legs take 0.6 s even on loopback."""


@dataclass(frozen=True, slots=True)
class LiveLeg:
    """One leg as the switch has it. `bridged_to` empty: parked, ringing or playing."""

    leg_id: LegId
    is_answered: bool
    bridged_to: LegId | None
    variables: dict[str, str]

    @property
    def attempt_id(self) -> str:
        """Our attempt's identity, empty for legs that are not a customer's."""
        return self.variables.get(variables.ATTEMPT, "")

    @property
    def agent_id(self) -> str:
        """Our agent's identity, empty for legs that are not a phone's."""
        return self.variables.get(variables.AGENT, "")

    @property
    def supervisor_id(self) -> str:
        """Our supervisor's identity, empty for other legs."""
        return self.variables.get(variables.SUPERVISOR, "")

    @property
    def campaign(self) -> str:
        """Identity of the campaign that it was dialled for."""
        return self.variables.get(variables.CAMPAIGN, "")

    @property
    def was_held(self) -> bool:
        """Whether it was put on hold; it still is, if it is in no bridge now."""
        return variables.HELD in self.variables

    @property
    def is_muted(self) -> bool:
        """Whether nobody hears what it says."""
        return variables.MUTED in self.variables

    @property
    def recording(self) -> RecordingState:
        """What becomes of its audio."""
        told = self.variables.get(variables.RECORDING)
        return next((state for state in RecordingState if state == told), RecordingState.OFF)

    @property
    def outside_of(self) -> str:
        """The attempt for whose customer an outside number is called."""
        return self.variables.get(variables.OUTSIDE, "")

    @property
    def is_ours(self) -> bool:
        """Whether this product originated the leg."""
        marks = (self.attempt_id, self.agent_id, self.supervisor_id, self.outside_of)
        return any(marks)


def candidates(api: Api) -> list[LegId]:
    """Legs that `show channels` names; empty when the switch cannot say."""
    answer = api(ShowChannels())
    try:
        rows = orjson.loads(answer).get("rows", [])
    except (orjson.JSONDecodeError, AttributeError):
        return []
    return [LegId(row["uuid"]) for row in rows if isinstance(row, dict) and row.get("uuid")]


def look_at(api: Api, leg_id: LegId) -> LiveLeg | None:
    """The leg as it is now, or None when it does not exist."""
    answer = api(UuidDump(leg_id))
    if answer.startswith("-ERR"):
        return None
    try:
        facts = orjson.loads(answer)
    except orjson.JSONDecodeError:
        return LiveLeg(leg_id, is_answered=False, bridged_to=None, variables={})
    other = _partner(facts) if facts.get("Channel-Call-State") == "ACTIVE" else None
    return LiveLeg(
        leg_id,
        is_answered=facts.get("Answer-State") == "answered" and not _must_confirm(facts),
        bridged_to=LegId(other) if other else None,
        variables={
            name.removeprefix("variable_"): value
            for name, value in facts.items()
            if name.startswith("variable_relance_")
        },
    )


def look_at_all(api: Api, leg_ids: Iterable[LegId]) -> dict[LegId, LiveLeg | None]:
    """`look_at` for many legs, the questions pipelined. Raises what `api` raises."""
    asked = list(dict.fromkeys(leg_ids))
    found = Pool(ASKED_AT_ONCE).map(lambda leg_id: look_at(api, leg_id), asked)
    return dict(zip(asked, found, strict=True))


def _must_confirm(facts: dict[str, str]) -> bool:
    """Somebody picked up an agent's outside number and has not pressed the key."""
    return f"variable_{variables.CONFIRM_KEY}" in facts


def strangers(
    api: Api, known: Callable[[], Iterable[LegId]], owns: Callable[[str], bool]
) -> list[LegId]:
    """Live legs of the campaigns that we own, which are not among those that are known.

    What is known is asked for after the switch was: whoever dials notes the leg first.
    """
    found = candidates(api)
    mine = set(known())
    strange = look_at_all(api, [leg_id for leg_id in found if leg_id not in mine])
    return [
        leg_id
        for leg_id, leg in strange.items()
        if leg is not None and leg.is_ours and owns(leg.campaign)
    ]


def _partner(facts: dict[str, str]) -> str | None:
    """The other leg of the bridge it is in now. After a bridge a leg keeps its last partner's
    name in other headers; `bridge_to` is taken away. The first leg of a uuid_bridge stays in
    CS_SOFT_EXECUTE, the second one is in CS_EXCHANGE_MEDIA (seen on 1.10.12)."""
    if partner := facts.get("variable_bridge_to"):
        return partner
    if facts.get("Channel-State") == "CS_EXCHANGE_MEDIA":
        return facts.get("variable_bridge_uuid") or facts.get("Other-Leg-Unique-ID")
    return None


def as_events(leg_id: LegId, leg: LiveLeg | None) -> list[SwitchEvent]:
    """What the engine may have missed of a leg: late news of a known state is dropped there."""
    if leg is None:
        return [LegEnded(leg_id, "LOST")]
    events: list[SwitchEvent] = [LegAnswered(leg_id) if leg.is_answered else LegRinging(leg_id)]
    if leg.bridged_to:
        events.append(LegsBridged(leg_id, leg.bridged_to))
    elif leg.is_answered and leg.agent_id:
        events.append(LegParked(leg_id))  # by which an outside number's phone is up
    return events
