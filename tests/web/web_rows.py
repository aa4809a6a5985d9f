"""Rows that several tests of the web need."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from dialer.store.tables import AttemptRow, LeadList, LeadRow

LATELY = timedelta(minutes=5)


def add_lead(session: Session, campaign_id: int, number: str = "+33612345678", **columns):
    """A lead in a list of its own."""
    batch = LeadList(campaign_id=campaign_id, name="Liste", state="READY")
    session.add(batch)
    session.flush()
    given = {"time_zone": "Europe/Paris", "name": "Awa", "state": "DIALING"} | columns
    lead = LeadRow(list_id=batch.id, campaign_id=campaign_id, number=number, **given)
    session.add(lead)
    session.flush()
    return lead


def add_attempt(session: Session, lead: LeadRow, attempt_id: str, **columns):
    """An attempt of the lead that an agent has just talked in, unless columns say otherwise."""
    at = datetime.now(UTC) - LATELY
    given = {
        "attempt_number": 1, "caller_id": "+33100000000", "rule_set": "FR", "node": "fs1",
        "leg_id": f"leg-{attempt_id}", "started_at": at, "answered_at": at, "bridged_at": at,
    } | columns  # fmt: skip
    row = AttemptRow(
        id=attempt_id, campaign_id=lead.campaign_id, list_id=lead.list_id, lead_id=lead.id,
        number=lead.number, **given,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row
