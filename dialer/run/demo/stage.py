"""Sets the stage: schema, users, one campaign, one list."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.jobs.imports import ImportOptions
from dialer.model.campaign import CAMPAIGN_MACHINE, CampaignTrigger, PacingMode
from dialer.run.bootstrap import Services
from dialer.run.list_import import import_file
from dialer.store import campaigns, schema, users
from dialer.store.session import transaction
from dialer.store.tables import Role, User

FIRST_EXTENSION = 1001
TEXT = "Bonjour {{ name }}, nous avons essayé de vous joindre. {{ campaign }}"
SCRIPT = (
    "Bonjour, je suis … de la société Exemple. Avez-vous deux minutes ?\n"
    "1. Confirmer l'identité\n2. Présenter l'offre\n3. Proposer un rendez-vous"
)
CAMPAIGN: Mapping[str, object] = {
    "mode": PacingMode.PREDICTIVE.value,
    "rule_set": "ANY",  # people who do not exist may be called at any hour
    "caller_ids": ["+33199000001", "+33199000002"],
    "message_template": TEXT,
    "script": SCRIPT,
    "max_lines": 200,
    "wrap_up_limit_s": 60,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """What was set up. `logins`: (login, password, what for)."""

    campaign_id: int
    campaign_name: str
    agent_logins: tuple[str, ...]
    logins: tuple[tuple[str, str, str], ...]
    n_leads: int


def set_stage(
    found: Services, leads_file: Path, n_agents: int, now: datetime, **settings: object
) -> Stage:
    """Make everything that is missing; a new campaign each time, so that runs do not mix.

    `settings`: of the campaign, beside or instead of the demonstration's.
    """
    schema.upgrade(found.database_url)
    passwords = _passwords(found.settings.var_dir / "demo" / "logins.json")
    name = f"Démonstration {now:%d/%m %H:%M:%S}"
    with transaction(found.sessions()) as session:
        logins = _users(session, passwords, n_agents)
        campaign = campaigns.create_campaign(session, name, **{**CAMPAIGN, **settings})
        campaign_id = campaign.id
    _list_id, counts = import_file(found, leads_file, name, ImportOptions())
    agents = tuple(f"agent{index + 1}" for index in range(n_agents))
    return Stage(campaign_id, name, agents, logins, counts.n_inserted)


def start_campaign(found: Services, campaign_id: int) -> None:
    """Let the controller dial."""
    with transaction(found.sessions()) as session:
        campaigns.change_state(session, campaign_id, CampaignTrigger.START)


def stop_campaign(found: Services, campaign_id: int) -> None:
    """Dial no more; the campaign is finished when its calls are. Whoever interrupts the end of a
    demonstration asks a second time, and changes nothing."""
    with transaction(found.sessions()) as session:
        state = campaigns.get_campaign(session, campaign_id).state
        if CAMPAIGN_MACHINE.can(state, CampaignTrigger.STOP):
            campaigns.change_state(session, campaign_id, CampaignTrigger.STOP)


def _users(
    session: Session, passwords: dict[str, str], n_agents: int
) -> tuple[tuple[str, str, str], ...]:
    seat = n_agents + 1
    people = [
        ("admin", "Administratrice", Role.ADMIN, ""),
        ("superviseur", "Superviseur", Role.SUPERVISOR, ""),
        ("analyste", "Analyste", Role.ANALYST, ""),
        ("awa", "Awa (place libre)", Role.AGENT, str(FIRST_EXTENSION + seat - 1)),
    ]
    shown = tuple((login, passwords[login], name) for login, name, _, _ in people)
    people += [
        (f"agent{i + 1}", f"Agent {i + 1}", Role.AGENT, str(FIRST_EXTENSION + i))
        for i in range(n_agents)
    ]
    known = {user.login: user for user in session.scalars(select(User))}
    for login, name, role, phone in people:
        password = passwords.get(login) or secrets.token_urlsafe(16)
        if login not in known:
            users.create_user(session, login, name, password, role, phone_address=phone)
        elif login in passwords:
            users.set_password(known[login], password)
    return shown


def _passwords(path: Path) -> dict[str, str]:
    """Random passwords of the people who log in by hand, kept for the next demonstration."""
    if path.exists():
        kept: dict[str, str] = orjson.loads(path.read_bytes())
        return kept
    logins = ("admin", "superviseur", "analyste", "awa")
    made = {login: f"demo-{secrets.token_hex(5)}" for login in logins}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(made))
    path.chmod(0o600)
    return made
