"""How many permits one core gives in a second, and how long the pages' question takes.

    python -m benchmarks.rules                      permits only
    python -m benchmarks.rules --leads 1000000      besides: "why not?" of a campaign so large, in
                                                    one look and in a worker's pages

A permit asks the whole table of reasons; nine of ten leads may be called here, the tenth is refused
for one reason after the other.

Bounds (--check):
  us_per_permit    CPU of one permit   <= 20
"""

import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.common import Report, parser
from dialer.embedded.postgres import start_postgres, stop_postgres
from dialer.model.campaign import Campaign, CampaignState
from dialer.model.ids import CampaignId, LeadId, ListId
from dialer.model.lead import Lead
from dialer.model.permit import Permit
from dialer.policy.compliance import may_dial
from dialer.store import campaigns, schema
from dialer.store.session import make_session_factory, transaction
from dialer.store.tables import LeadList
from dialer.store.why_not import reasons_by_pages, reasons_of_campaign

MONDAY_11 = 1_789_981_200.0
"""In Paris, 21 September 2026."""
DAY_S = 86_400.0
SECONDS = 3.0


def leads(n: int) -> list[Lead]:
    """Leads of France with some history each."""
    plain = Lead(
        LeadId(1), ListId(1), "+33612345678", "Europe/Paris", has_consent=True,
        tries_at=(MONDAY_11 - 20 * DAY_S, MONDAY_11 - 5 * DAY_S),
    )  # fmt: skip
    refused = (
        replace(plain, is_do_not_call=True),
        replace(plain, has_consent=False),
        replace(plain, refused_at=MONDAY_11 - 30 * DAY_S),
        replace(plain, time_zone="America/Guadeloupe"),
        replace(plain, number="+33899123456"),
    )
    return [refused[i // 10 % len(refused)] if i % 10 == 9 else plain for i in range(n)]


def permits_per_s() -> tuple[float, float]:
    """Questions answered in a second of CPU, and the share that got a permit."""
    campaign = Campaign(CampaignId(1), "rules", state=CampaignState.RUNNING, rule_set="FR")
    asked, n_asked, n_given = leads(1000), 0, 0
    began = time.process_time()
    while time.process_time() < began + SECONDS:
        utc = MONDAY_11 + n_asked % 3000
        for lead in asked:
            n_given += isinstance(may_dial(lead, campaign, utc), Permit)
        n_asked += len(asked)
    return n_asked / (time.process_time() - began), n_given / n_asked


def seconds_of_why_not(n_leads: int) -> tuple[float, float]:
    """The question of a campaign with so many leads, one in ten of which has been called: in one
    look, and in pages."""
    with TemporaryDirectory() as folder:
        url, server = start_postgres(Path(folder))
        try:
            schema.upgrade(url)
            factory = make_session_factory(url, statement_limit_s=3600.0)
            with transaction(factory) as session:
                campaign_id = _fill(session, n_leads)
            times = []
            for _ in range(3):
                with transaction(factory) as session:
                    began = time.perf_counter()
                    reasons_of_campaign(session, campaign_id, time.time())
                    times.append(time.perf_counter() - began)
            began = time.perf_counter()
            reasons_by_pages(factory, CampaignId(campaign_id), time.time())
            in_pages = time.perf_counter() - began
            factory.kw["bind"].dispose()
            return min(times), in_pages
        finally:
            stop_postgres(server)


def _fill(session: Session, n_leads: int) -> int:
    row = campaigns.create_campaign(session, "rules", rule_set="FR")
    row.state = "RUNNING"
    batch = LeadList(campaign_id=row.id, name="list", state="READY")
    session.add(batch)
    session.flush()
    facts = {"n": n_leads, "list_id": batch.id, "campaign_id": row.id}
    for statement in (_LEADS, _HISTORY, _CONSENTS, _BLOCKED):
        session.execute(text(statement), facts)
    session.execute(text("ANALYZE"))
    return row.id


_LEADS = """
    INSERT INTO leads (list_id, campaign_id, number, time_zone, name, fields, state, priority,
                       n_attempts, n_tries)
    SELECT :list_id, :campaign_id, '+33' || 600000000 + i, 'Europe/Paris', '', '{}',
        CASE WHEN i % 20 = 0 THEN 'DONE' ELSE 'NEW' END, 50, 0, 0
    FROM generate_series(1, :n) i
"""
_HISTORY = """
    INSERT INTO number_history (number, tries_at)
    SELECT '+33' || 600000000 + i, ARRAY[now() - interval '3 days', now() - interval '1 hour']
    FROM generate_series(1, :n, 10) i
"""
_CONSENTS = """
    INSERT INTO consents (number, given_at, source, evidence)
    SELECT '+33' || 600000000 + i, now() - interval '1 day', 'FORM', 'form 3'
    FROM generate_series(1, :n) i WHERE i % 3 > 0
"""
_BLOCKED = """
    INSERT INTO do_not_call (number, source)
    SELECT '+33' || 600000000 + i, 'IMPORT' FROM generate_series(1, :n, 50) i
"""


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--leads", type=int, default=0, help="size of a campaign to ask why not")
    chosen = options.parse_args()
    report = Report(chosen.json)
    rate, share = permits_per_s()
    report.row(permits_per_s=round(rate), granted=round(share, 3))
    report.bound("us_per_permit", 1e6 / rate, 20)
    if chosen.leads:
        at_once, in_pages = seconds_of_why_not(chosen.leads)
        report.row(n_leads=chosen.leads, at_once_s=round(at_once, 2), in_pages_s=round(in_pages, 2))
    return report.end(chosen.check)


if __name__ == "__main__":
    sys.exit(main())
