"""Users of the web application, agents among them, and the log of agents' states."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dialer.model.agent import AgentState
from dialer.model.phone import PhoneKind
from dialer.store.tables.base import Base, BigId, CreatedAt, Instant, one_of


class Role(StrEnum):
    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    AGENT = "agent"
    ANALYST = "analyst"


class User(Base):
    __tablename__ = "users"
    __table_args__ = (
        one_of("role", Role, "role"),
        one_of("phone_kind", PhoneKind, "phone_kind"),
        Index(
            "uq_users_browser_phone", "phone_address", unique=True,
            postgresql_where=text("phone_kind = 'WEBRTC' AND is_active"),
        ),
    )  # fmt: skip

    id: Mapped[BigId]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str]
    locale: Mapped[str] = mapped_column(default="fr", server_default="fr")
    phone_kind: Mapped[str] = mapped_column(
        default=PhoneKind.SIP.value, server_default=PhoneKind.SIP.value
    )
    phone_address: Mapped[str] = mapped_column(default="", server_default="")
    is_active: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    created_at: Mapped[CreatedAt]


class AgentSession(Base):
    """One login of an agent to a campaign, open while `ended_at` is null; its present state."""

    __tablename__ = "agent_sessions"
    __table_args__ = (
        one_of("state", AgentState, "state"),
        Index(
            "uq_agent_sessions_open", "agent_id", unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[BigId]
    agent_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    started_at: Mapped[CreatedAt]
    ended_at: Mapped[Instant | None]
    state: Mapped[str]
    state_since: Mapped[Instant]
    pause_code: Mapped[str] = mapped_column(default="", server_default="")
    wants_pause: Mapped[str | None]
    leg_id: Mapped[str | None]
    attempt_id: Mapped[str | None]


class AgentStateInterval(Base):
    """Closed and open intervals of one state; productivity reports sum them."""

    __tablename__ = "agent_state_intervals"
    __table_args__ = (Index(None, "agent_id", "started_at"),)

    id: Mapped[BigId]
    session_id: Mapped[int] = mapped_column(ForeignKey("agent_sessions.id"), index=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    state: Mapped[str]
    pause_code: Mapped[str] = mapped_column(default="", server_default="")
    attempt_id: Mapped[str | None]
    started_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
