"""Agents' logins and the log of their states: one row per login, one per stretch of a state.

The stretches of a login follow each other without a gap, so the sum of an agent's states is the
length of the login. NoteAgent may be repeated: a note that brings no new state only refreshes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dialer.model.agent import AgentState
from dialer.model.commands import NoteAgent
from dialer.model.ids import AgentId, AttemptId, CampaignId, LegId
from dialer.model.phone import PhoneKind
from dialer.store import holds
from dialer.store.instants import instant, seconds_of
from dialer.store.tables import AgentSession, AgentStateInterval, User


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A login that is not over, as last stored. `since`: UTC seconds of the present state."""

    agent_id: AgentId
    campaign_id: CampaignId
    name: str
    phone_address: str
    state: AgentState
    since: float
    pause_code: str
    wants_pause: str | None
    leg_id: LegId | None
    attempt_id: AttemptId | None
    phone_kind: PhoneKind = PhoneKind.SIP


def note_agents(session: Session, notes: Sequence[NoteAgent]) -> None:
    """Store the notes in their order."""
    for note in notes:
        note_agent(session, note)


def note_agent(session: Session, note: NoteAgent) -> None:
    """Store one note: a login's start, a new state, the login's end, or a refreshment."""
    login = _open_login(session, note.agent_id)
    if login is not None and login.campaign_id != note.campaign_id:
        _end_login(session, login, note.since)
        login = None
    if note.state is AgentState.OFFLINE:
        if login is not None:
            _end_login(session, login, note.since)
        return
    if login is None:
        _begin_login(session, note)
        return
    if _is_news(login, note):
        _end_interval(session, login, note.since)
        _begin_interval(session, login.id, note)
    _refresh(login, note)
    session.flush()


def open_sessions(
    session: Session, campaign_ids: Collection[CampaignId]
) -> tuple[OpenSession, ...]:
    """Logins that are not over in these campaigns, by agent."""
    rows = session.execute(
        select(AgentSession, User)
        .join(User, User.id == AgentSession.agent_id)
        .where(AgentSession.ended_at.is_(None), AgentSession.campaign_id.in_(campaign_ids))
        .order_by(AgentSession.agent_id)
    )
    return tuple(_open_session(login, user) for login, user in rows)


def open_legs(session: Session) -> set[LegId]:
    """Phones' legs of all logins that are not over, whatever the campaign."""
    is_up = (AgentSession.ended_at.is_(None), AgentSession.leg_id.is_not(None))
    return {LegId(leg) for leg in session.scalars(select(AgentSession.leg_id).where(*is_up)) if leg}


def _open_login(session: Session, agent_id: AgentId) -> AgentSession | None:
    mine = (AgentSession.agent_id == agent_id, AgentSession.ended_at.is_(None))
    return session.scalar(select(AgentSession).where(*mine).with_for_update())


def _is_news(login: AgentSession, note: NoteAgent) -> bool:
    stored = (login.state, login.pause_code, login.attempt_id)
    return stored != (note.state, note.pause_code, note.attempt_id)


def _begin_login(session: Session, note: NoteAgent) -> None:
    login = AgentSession(
        agent_id=note.agent_id, campaign_id=note.campaign_id, started_at=instant(note.since)
    )
    _refresh(login, note)
    session.add(login)
    session.flush()
    holds.free_callbacks(session, note.agent_id)
    _begin_interval(session, login.id, note)


def _end_login(session: Session, login: AgentSession, at: float) -> None:
    _end_interval(session, login, at)
    login.state, login.state_since, login.ended_at = AgentState.OFFLINE, instant(at), instant(at)
    login.attempt_id = login.leg_id = login.wants_pause = None
    session.flush()


def _refresh(login: AgentSession, note: NoteAgent) -> None:
    login.state, login.state_since = note.state, instant(note.since)
    login.pause_code, login.wants_pause = note.pause_code, note.wants_pause
    login.leg_id, login.attempt_id = note.leg_id, note.attempt_id


def _begin_interval(session: Session, session_id: int, note: NoteAgent) -> None:
    session.add(
        AgentStateInterval(
            session_id=session_id,
            agent_id=note.agent_id,
            campaign_id=note.campaign_id,
            state=note.state,
            pause_code=note.pause_code,
            attempt_id=note.attempt_id,
            started_at=instant(note.since),
        )
    )
    session.flush()


def _end_interval(session: Session, login: AgentSession, at: float) -> None:
    interval = (AgentStateInterval.session_id == login.id, AgentStateInterval.ended_at.is_(None))
    session.execute(update(AgentStateInterval).where(*interval).values(ended_at=instant(at)))


def _open_session(login: AgentSession, user: User) -> OpenSession:
    return OpenSession(
        agent_id=AgentId(login.agent_id),
        campaign_id=CampaignId(login.campaign_id),
        name=user.name,
        phone_address=user.phone_address,
        phone_kind=PhoneKind(user.phone_kind),
        state=AgentState(login.state),
        since=seconds_of(login.state_since),
        pause_code=login.pause_code,
        wants_pause=login.wants_pause,
        leg_id=LegId(login.leg_id) if login.leg_id else None,
        attempt_id=AttemptId(login.attempt_id) if login.attempt_id else None,
    )
