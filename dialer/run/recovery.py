"""Taking over a campaign after a restart: what the store says is open, what the switches say lives.

Every call and every agent known on either side ends in exactly one state: adopted as it stands,
closed because its leg is gone, or hung up because nobody knows it.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping

from dialer.model.agent import AgentState
from dialer.model.call import CallState, RecordingState
from dialer.model.commands import HangUpLeg
from dialer.model.events import AgentAdopted, CallAdopted, Event, SupervisionAdopted
from dialer.model.ids import AgentId, AttemptId, CampaignId, LegId, NodeName
from dialer.store import agents, attempts, supervisions
from dialer.store.agents import OpenSession
from dialer.store.attempts import OpenAttempt
from dialer.store.session import SessionFactory, transaction
from dialer.store.supervisions import TakenOver
from dialer.switch.node import SwitchNode
from dialer.switch.survey import LiveLeg, as_events, look_at, look_at_all, strangers

log = logging.getLogger(__name__)

Nodes = Mapping[NodeName, SwitchNode]
Found = dict[LegId, tuple[NodeName, LiveLeg]]
"""Live legs by identity, and the switch each is on."""
WAS_READY = (AgentState.READY, AgentState.PREVIEWING, AgentState.RESERVED)
OWES_DISPOSITION = (AgentState.TALKING, AgentState.WRAP_UP, AgentState.PAUSED)


def take_over(
    sessions: SessionFactory, nodes: Nodes, campaign_id: CampaignId, now_utc: float
) -> Iterator[Event]:
    """Agents first, then calls, so that a conversation finds its agent. Raises EslError."""
    with transaction(sessions) as session:
        logins = agents.open_sessions(session, [campaign_id])
        calls = attempts.open_ones(session, [campaign_id])
        taken = supervisions.taken_over(session, campaign_id)
        phones_up = agents.open_legs(session)
    known = {call.leg_id for call in calls} | {login.leg_id for login in logins if login.leg_id}
    live = _survey(nodes, known | {call.outside_leg_id for call in calls if call.outside_leg_id})
    supervised = _still_supervised(nodes, campaign_id, taken, calls, live)
    with transaction(sessions) as session:
        going_on = [one.supervision_id for one in supervised.values()]
        supervisions.close_supervisions(session, campaign_id, now_utc, but=going_on)
    owners = {call.attempt_id: call.agent_id for call in calls}
    for login in logins:
        yield _agent(login, live, nodes, owners)
    phones = {login.leg_id: login.agent_id for login in logins if login.leg_id}
    holders = {
        login.attempt_id: login.agent_id
        for login in logins
        if login.state is AgentState.TALKING
        and login.leg_id in live
        and not _is_consulted(login, owners)
    }
    for call in calls:
        leg = live[call.leg_id][1] if call.leg_id in live else None
        holder = holders.get(call.attempt_id) if leg is not None and leg.was_held else None
        adopted = _call(call, leg, phones, holder, call.attempt_id in supervised, now_utc)
        known |= {adopted.outside_leg_id} if adopted.outside_leg_id else set()
        yield adopted
    yield from supervised.values()
    known |= {one.leg_id for one in supervised.values()}
    _hang_up_strangers(nodes, campaign_id, known | phones_up)
    if logins or calls:
        log.info(
            "campaign=%s taken over: %d agents, %d calls", campaign_id, len(logins), len(calls)
        )


def look_again(nodes: Nodes, events: Iterable[Event]) -> Iterator[Event]:
    """What happened to the legs of adopted calls and supervisors while they were being adopted.

    An answer or a hang-up that came between the survey and the adoption found no call to belong
    to; told again it does, and told twice it is late news that changes nothing.
    """
    live = [
        event
        for event in events
        if isinstance(event, SupervisionAdopted)
        or (isinstance(event, CallAdopted) and event.is_live)
    ]
    for name, node in nodes.items():
        legs = look_at_all(node.api, [event.leg_id for event in live if event.node == name])
        for leg_id, leg in legs.items():
            yield from as_events(leg_id, leg)


def _survey(nodes: Nodes, leg_ids: set[LegId]) -> Found:
    found: Found = {}
    for node in nodes.values():
        for leg_id, leg in look_at_all(node.api, leg_ids - found.keys()).items():
            if leg is not None:
                found[leg_id] = (node.name, leg)
    return found


def _still_supervised(
    nodes: Nodes,
    campaign_id: CampaignId,
    taken: Iterable[TakenOver],
    calls: Iterable[OpenAttempt],
    live: Found,
) -> dict[AttemptId, SupervisionAdopted]:
    """Customers who were taken over, and are still joined to that supervisor's phone."""
    legs = {call.attempt_id: live[call.leg_id] for call in calls if call.leg_id in live}
    found = {}
    for one in taken:
        name, leg = legs.get(one.attempt_id, (NodeName(""), None))
        phone = look_at(nodes[name].api, leg.bridged_to) if leg and leg.bridged_to else None
        if phone is not None and phone.supervisor_id == str(one.supervisor_id):
            found[one.attempt_id] = SupervisionAdopted(
                one.supervision_id, one.supervisor_id, one.name, one.phone_address,
                one.phone_kind, campaign_id, one.agent_id, one.attempt_id, name, phone.leg_id,
            )  # fmt: skip
    return found


def _agent(
    login: OpenSession, live: Found, nodes: Nodes, owners: Mapping[AttemptId, AgentId | None]
) -> AgentAdopted:
    """One whom a colleague was consulting owes nothing, and is as ready as he was before."""
    is_consulted = _is_consulted(login, owners)
    nowhere = (next(iter(nodes), NodeName("")), None)
    node, leg = live.get(login.leg_id, nowhere) if login.leg_id else nowhere
    owes = login.state in OWES_DISPOSITION and not is_consulted
    return AgentAdopted(
        agent_id=login.agent_id,
        campaign_id=login.campaign_id,
        name=login.name,
        phone_address=login.phone_address,
        phone_kind=login.phone_kind,
        node=node,
        leg_id=leg.leg_id if leg is not None and leg.is_answered else None,
        was_ready=is_consulted or (login.state in WAS_READY and login.wants_pause is None),
        pause_code=login.wants_pause or login.pause_code,
        attempt_id=login.attempt_id if owes else None,
        is_muted=leg is not None and leg.is_muted,
    )


def _is_consulted(login: OpenSession, owners: Mapping[AttemptId, AgentId | None]) -> bool:
    """Whether the agent's call is another one's, who was asking him."""
    owner = owners.get(login.attempt_id) if login.attempt_id else None
    return owner is not None and owner != login.agent_id


def _call(
    call: OpenAttempt,
    leg: LiveLeg | None,
    phones: Mapping[LegId, AgentId],
    holder: AgentId | None,
    is_taken_over: bool,
    now_utc: float,
) -> CallAdopted:
    """`holder`: the agent who would have the customer on hold, if they do not talk."""
    talks_to = phones.get(leg.bridged_to) if leg is not None and leg.bridged_to else None
    state = CallState.TAKEN_OVER if is_taken_over else _state(call, leg, talks_to, holder)
    is_outside = state is CallState.OUTSIDE
    return CallAdopted(
        attempt_id=call.attempt_id,
        leg_id=call.leg_id,
        campaign_id=call.campaign_id,
        lead=call.lead,
        node=call.node,
        state=state,
        is_live=leg is not None,
        dialed_ago_s=max(now_utc - call.started_at, 0.0),
        answered_ago_s=_ago(call.answered_at, now_utc, is_known=_was_answered(leg)),
        bridged_ago_s=_ago(call.bridged_at, now_utc, is_known=talks_to is not None),
        agent_id=talks_to or holder or call.agent_id,
        recording=leg.recording if leg is not None else RecordingState.OFF,
        trunk=call.trunk,
        outside_leg_id=call.outside_leg_id if is_outside else None,
        outside_name=call.outside_name if is_outside else "",
        entrusted_ago_s=_ago(call.entrusted_at, now_utc, is_known=False) if is_outside else None,
    )


def _state(
    call: OpenAttempt, leg: LiveLeg | None, talks_to: AgentId | None, holder: AgentId | None
) -> CallState:
    """A consultation, or a room of three, is over with the run that made it: the customer is held
    for the agent, who is there."""
    if leg is None:
        if call.bridged_at is not None:
            return CallState.CONNECTED
        return CallState.DIALING if call.answered_at is None else CallState.WAITING
    if talks_to is not None:
        return CallState.CONNECTED
    if call.outside_leg_id is not None and leg.bridged_to == call.outside_leg_id:
        return CallState.OUTSIDE
    if holder is not None:
        return CallState.HELD
    return CallState.WAITING if leg.is_answered else CallState.RINGING


def _was_answered(leg: LiveLeg | None) -> bool:
    return leg is not None and leg.is_answered


def _ago(stored_at: float | None, now_utc: float, *, is_known: bool) -> float | None:
    """Age of a fact that the store has, or that the switch shows though it was not stored yet."""
    if stored_at is not None:
        return max(now_utc - stored_at, 0.0)
    return 0.0 if is_known else None


def _hang_up_strangers(nodes: Nodes, campaign_id: CampaignId, known: set[LegId]) -> None:
    """Legs of this campaign that no row knows: dialled by nobody's leave, so they end.

    `known` holds all campaigns' phones: an agent who is shared keeps the leg that another made.
    """
    for node in nodes.values():
        for leg_id in strangers(node.api, lambda: known, lambda name: name == str(campaign_id)):
            log.warning("node=%s leg=%s belongs to no row: hung up", node.name, leg_id)
            node.execute(HangUpLeg(node.name, leg_id))
