"""Claims of 500 leads out of tables of a million leads and more, one claimer and four at once.

Rows are made in SQL: three lists, three zones, a tenth waiting for a time to come, some callbacks.
A server of its own is started in a temporary folder and removed with it, or in one that --folder
keeps: the next run finds it full. Ten million leads (--large) need 6 GB of disk and, the first
time, some minutes.

Bounds (--check), of the slowest of the five orders:
  claim_p50_ms     one claimer, the largest table     <= 60
  claim_p99_ms     the same                           <= 200
  growth           p50 of the largest table over p50 of the smallest, 50,000 leads   <= 2
  n_twice          leads that two of four claimers got                 <= 0
"""

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from benchmarks.common import Report, parser
from benchmarks.filled import FilledServer, filled_server, server_cpu_s
from dialer.model.campaign import LeadOrder
from dialer.model.ids import CampaignId
from dialer.store import campaigns, claims
from dialer.store.session import SessionFactory, transaction
from dialer.store.tables import CampaignRow, LeadList

N_CLAIM, LEASE_S = 500, 300.0
N_CLAIMS, N_CLAIMERS, N_WARM = 60, 4, 4
SMALL, MILLION = 50_000, 1_000_000
ZONES = ("Europe/Paris", "Africa/Porto-Novo", "Europe/Brussels")

_MAKE = text("""
    INSERT INTO leads (list_id, campaign_id, number, time_zone, name, fields, state, priority,
                       due_at, n_attempts, n_tries)
    SELECT 1 + i % 3, 1, '+33' || (600000000 + i), (CAST(:zones AS text[]))[1 + i % 7 % 3],
           'Personne ' || i, '{"ville": "Lyon"}',
           CASE WHEN i % 10 = 0 THEN 'WAITING_RETRY' WHEN i % 5000 = 1 THEN 'CALLBACK'
           ELSE 'NEW' END,
           CASE WHEN i % 5000 = 1 THEN 10 ELSE 50 END,
           now() + CASE WHEN i % 10 = 0 THEN interval '1 day' ELSE interval '-1 hour' END,
           0, 0
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS i
""")


_RELEASE = text("""
    UPDATE leads SET state = CASE WHEN priority = 10 THEN 'CALLBACK' ELSE 'NEW' END,
        claimed_until = NULL
    WHERE state = 'CLAIMED'
""")
"""What an earlier run claimed."""


def fill(connection: Connection, n_leads: int) -> None:
    """One running campaign that may be called at any hour, and its leads."""
    with Session(connection) as session:
        campaigns.create_campaign(session, "Essai", rule_set="ANY").state = "RUNNING"
        session.flush()
        session.add_all(
            LeadList(campaign_id=1, name=f"liste {n}", state="READY", weight=n) for n in (1, 2, 3)
        )
        session.flush()
        for begin in range(1, n_leads + 1, MILLION):
            upto = min(begin + MILLION - 1, n_leads)
            session.execute(_MAKE, {"first": begin, "last": upto, "zones": list(ZONES)})


def release(factory: SessionFactory) -> None:
    """What was claimed waits again, in its old place."""
    with transaction(factory) as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(_RELEASE)


def claim_once(factory: SessionFactory) -> tuple[float, list[int]]:
    """Milliseconds of one claim with its commit, and whom it brought."""
    began = time.perf_counter()
    with transaction(factory) as session:
        leads = claims.claim(session, CampaignId(1), N_CLAIM, LEASE_S, time.time())
    return (time.perf_counter() - began) * 1000.0, [lead.lead_id for lead in leads]


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of each claim, CPU of the server for one, and leads that came twice."""

    times: list[float]
    server_cpu_ms: float
    n_twice: int

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.times, n=100, method="inclusive")[98]


def measure(factory: SessionFactory, n_claims: int, n_claimers: int) -> Measured:
    """Claims, one after another, or by several claimers at once."""
    before = server_cpu_s(factory)
    with ThreadPoolExecutor(n_claimers) as pool:
        found = list(pool.map(lambda _: claim_once(factory), range(n_claims)))
    cpu_ms = (server_cpu_s(factory) - before) * 1000.0 / n_claims
    ids = [one for _ms, some in found for one in some]
    if len(ids) != n_claims * N_CLAIM:
        raise RuntimeError(f"{len(ids)} leads claimed of {n_claims * N_CLAIM}")
    return Measured([ms for ms, _some in found], cpu_ms, len(ids) - len(set(ids)))


def by_order(factory: SessionFactory, order: LeadOrder) -> None:
    with transaction(factory) as session:
        session.get_one(CampaignRow, 1).lead_order = order


def table_of(
    report: Report, server: FilledServer, n_leads: int, n_claims: int
) -> dict[str, Measured]:
    """Each order by one claimer, and four of them at once."""
    found = {}
    with server.database(f"leads_{n_leads}", partial(fill, n_leads=n_leads), "leads") as factory:
        cases = [(f"{order}", order, 1) for order in LeadOrder]
        for name, order, n_claimers in [*cases, ("four at once", LeadOrder.PRIORITY, N_CLAIMERS)]:
            release(factory)
            by_order(factory, order)
            measure(factory, N_WARM, n_claimers)
            found[name] = measure(factory, n_claims, n_claimers)
            report.row(
                n_leads=n_leads, order=f"{name:>12}", p50_ms=round(found[name].p50, 1),
                p99_ms=round(found[name].p99, 1),
                server_cpu_ms=round(found[name].server_cpu_ms, 1),
                n_twice=found[name].n_twice,
            )  # fmt: skip
    return found


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--large", action="store_true", help="ten million leads besides")
    options.add_argument("--folder", default="", help="where the filled databases stay")
    chosen = options.parse_args()
    sizes = [SMALL, MILLION, 10 * MILLION] if chosen.large else [SMALL, MILLION]
    sizes = [SMALL, 4 * SMALL] if chosen.quick else sizes
    n_claims = 20 if chosen.quick else N_CLAIMS
    report = Report(chosen.json)
    with filled_server(chosen.folder) as server:
        tables = [table_of(report, server, n_leads, n_claims) for n_leads in sizes]
    alone = [{n: one for n, one in table.items() if n in list(LeadOrder)} for table in tables]
    report.bound("claim_p50_ms", max(one.p50 for one in alone[-1].values()), 60)
    report.bound("claim_p99_ms", max(one.p99 for one in alone[-1].values()), 200)
    report.bound("growth", max(alone[-1][n].p50 / alone[0][n].p50 for n in alone[0]), 2)
    report.bound("n_twice", sum(one.n_twice for table in tables for one in table.values()), 0)
    return report.end(chosen.check)


if __name__ == "__main__":
    sys.exit(main())
