"""Builders of stored facts for tests; every time is a UTC second near NOON."""

from dialer.model.commands import CloseAttempt, Originate
from dialer.model.outcome import Outcome
from dialer.model.permit import Permit
from dialer.store import attempts, campaigns, claims
from dialer.store.instants import instant
from dialer.store.session import transaction
from dialer.store.tables import LeadList, LeadRow, User

NOON = 1_793_966_400.0
PLAIN = {"rule_set": "ANY", "min_gap_s": 0.0, "callback_wait_s": 0.0}
"""No hours, no gap: the rules have tests of their own."""


class World:
    """A running campaign with one ready list and one agent, committed."""

    def __init__(self, factory, **settings):
        self.factory = factory
        with transaction(factory) as session:
            row = campaigns.create_campaign(session, "Essai", **PLAIN | settings)
            row.state = "RUNNING"
            self.campaign_id = row.id
            session.add(user := agent("awa"))
            session.flush()
            self.agent_id = user.id
        self.list_id = self.add_list()

    def transaction(self):
        return transaction(self.factory)

    def another_agent(self):
        """A user row that is not added yet."""
        return agent("bob")

    def another_campaign(self, session):
        row = campaigns.create_campaign(session, "Autre")
        session.flush()
        return row

    def add_list(self, **facts):
        with self.transaction() as session:
            batch = LeadList(campaign_id=self.campaign_id, name="liste", state="READY")
            for name, value in facts.items():
                setattr(batch, name, value)
            session.add(batch)
            session.flush()
            return batch.id

    def add_leads(self, n, first=0, list_id=None, due_at=NOON - 60, **facts):
        with self.transaction() as session:
            rows = [self._lead(first + i, list_id, due_at, facts) for i in range(n)]
            session.add_all(rows)
            session.flush()
            return [row.id for row in rows]

    def _lead(self, i, list_id, due_at, facts):
        plain = {"number": f"+331{i:08d}", "time_zone": "Europe/Paris", "name": f"Personne {i}"}
        return LeadRow(
            list_id=list_id or self.list_id,
            campaign_id=self.campaign_id,
            due_at=instant(due_at),
            **{**plain, **facts},
        )

    def claim(self, n=1, now=NOON):
        with self.transaction() as session:
            return claims.claim(session, self.campaign_id, n, 300.0, now)

    def open(self, lead, attempt_id="a1", now=NOON):
        with self.transaction() as session:
            return attempts.open_attempts(session, [self.originate(lead, attempt_id, now)])

    def dial(self, attempt_id="a1", now=NOON):
        """Claim the next lead and open an attempt for it; the lead."""
        (lead,) = self.claim(1, now)
        assert self.open(lead, attempt_id, now) == {attempt_id}
        return lead

    def originate(self, lead, attempt_id, now=NOON):
        return Originate(
            permit=Permit(lead.lead_id, lead.number, "FR", now + 5),
            campaign_id=self.campaign_id,
            attempt_id=attempt_id,
            leg_id=f"leg-{attempt_id}",
            lead_id=lead.lead_id,
            attempt_number=lead.n_attempts + 1,
            node="n1",
            number=lead.number,
            caller_id="+33100000000",
            ring_timeout_s=25.0,
            at=now,
            claim_no=lead.claim_no,
            trunk="first",
        )

    def close(self, lead, attempt_id="a1", outcome=Outcome.HANDLED, **facts):
        with self.transaction() as session:
            command = self.close_command(lead, attempt_id, outcome, **facts)
            return attempts.close(session, [command])

    def close_command(self, lead, attempt_id="a1", outcome=Outcome.HANDLED, **facts):
        plain = {
            "cause": "NORMAL_CLEARING",
            "sip_status": 200,
            "ended_at": NOON + 60,
            "retry_at": None,
            "is_live_answer": False,
            "is_abandoned": False,
            "sends_message": False,
        }
        return CloseAttempt(
            attempt_id=attempt_id,
            campaign_id=self.campaign_id,
            lead_id=lead.lead_id,
            outcome=outcome,
            **{**plain, **facts},
        )

    def handled(self, lead, attempt_id="a1", **facts):
        """Close as a conversation with the agent, bridged one second after the answer."""
        times = {"answered_at": NOON + 10, "bridged_at": NOON + 11, "is_live_answer": True}
        return self.close(lead, attempt_id, **{**times, "agent_id": self.agent_id, **facts})

    def add_agent(self, login):
        with self.transaction() as session:
            session.add(user := agent(login))
            session.flush()
            return user.id

    def get(self, kind, identity):
        with self.factory() as session:
            return session.get(kind, identity)


def agent(login, role="agent"):
    """A user row without the cost of hashing a password."""
    return User(login=login, name=login.title(), password_hash="-", role=role)
