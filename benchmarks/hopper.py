"""Claims of 500 leads out of tables of a million leads and more, one claimer and four at once.

Rows are made in SQL: three lists, three zones, a tenth waiting for a time to come, some callbacks.
A server of its own is started in a temporary folder and removed with it. Ten million leads need
some 8 GB of disk and ten minutes: --large.

Bounds (--check):
  claim_p50_ms     one claimer, the largest table     <= 60
  claim_p99_ms     the same                           <= 200
  growth           p50 of the largest table over p50 of the smallest   <= 2
  n_twice          leads that two of four claimers got                 <= 0
"""

import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from benchmarks.common import Report, parser
from dialer.embedded import attach
from dialer.model.campaign import LeadOrder
from dialer.model.ids import CampaignId
from dialer.store import campaigns, claims, schema
from dialer.store.session import SessionFactory, make_session_factory, transaction
from dialer.store.tables import CampaignRow, LeadList

N_CLAIM, LEASE_S = 500, 300.0
N_CLAIMS, N_CLAIMERS = 60, 4
MILLION = 1_000_000
UNSAFE = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_wal_size": "4GB"}
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


@contextmanager
def database() -> Iterator[SessionFactory]:
    """A server of its own, with one running campaign that may be called at any hour."""
    with TemporaryDirectory(prefix="relance-benchmark-") as folder:
        held = attach(Path(folder), with_redis=False, postgres_settings=UNSAFE)
        schema.upgrade(held.database_url)
        factory = make_session_factory(
            held.database_url, statement_limit_s=3600.0, pool_size=N_CLAIMERS
        )
        try:
            with transaction(factory) as session:
                campaigns.create_campaign(session, "Essai", rule_set="ANY").state = "RUNNING"
                session.flush()
                session.add_all(
                    LeadList(campaign_id=1, name=f"liste {n}", state="READY", weight=n)
                    for n in (1, 2, 3)
                )
            yield factory
        finally:
            factory.kw["bind"].dispose()
            held.stop()


def grow(factory: SessionFactory, first: int, last: int) -> None:
    """Make leads `first` to `last`, a million at a time."""
    for begin in range(first, last + 1, MILLION):
        upto = min(begin + MILLION - 1, last)
        with transaction(factory) as session:
            known = {"first": begin, "last": upto, "zones": list(ZONES)}
            session.execute(_MAKE, known)
    with factory.kw["bind"].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE leads"))


def claim_once(factory: SessionFactory) -> tuple[float, list[int]]:
    """Milliseconds of one claim with its commit, and whom it brought."""
    began = time.perf_counter()
    with transaction(factory) as session:
        leads = claims.claim(session, CampaignId(1), N_CLAIM, LEASE_S, time.time())
    return (time.perf_counter() - began) * 1000.0, [lead.lead_id for lead in leads]


def p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[98]


def measure(factory: SessionFactory, n_claims: int, n_claimers: int) -> tuple[list[float], int]:
    """Times of claims, and how many leads came twice."""
    with ThreadPoolExecutor(n_claimers) as pool:
        found = list(pool.map(lambda _: claim_once(factory), range(n_claims)))
    ids = [one for _ms, some in found for one in some]
    if len(ids) != n_claims * N_CLAIM:
        raise RuntimeError(f"{len(ids)} leads claimed of {n_claims * N_CLAIM}")
    return [ms for ms, _some in found], len(ids) - len(set(ids))


def by_order(factory: SessionFactory, order: LeadOrder) -> None:
    with transaction(factory) as session:
        session.get_one(CampaignRow, 1).lead_order = order


def main() -> int:
    options = parser(__doc__)
    options.add_argument("--large", action="store_true", help="ten million leads besides")
    chosen = options.parse_args()
    n_claims = 20 if chosen.quick else N_CLAIMS
    sizes = [MILLION, 10 * MILLION] if chosen.large else [MILLION]
    sizes = [200_000] if chosen.quick else sizes
    report, n_made, medians, n_twice = Report(chosen.json), 0, [], 0
    with database() as factory:
        for size in [50_000, *sizes]:
            grow(factory, n_made + 1, size)
            n_made = size
            for order in LeadOrder:
                by_order(factory, order)
                measure(factory, 2, 1)
                times, twice = measure(factory, n_claims if size > 50_000 else 10, 1)
                n_twice += twice
                report.row(
                    n_leads=size, order=str(order), n_claimers=1,
                    p50_ms=round(statistics.median(times), 1), p99_ms=round(p99(times), 1),
                )  # fmt: skip
                if order is LeadOrder.PRIORITY:
                    medians.append(statistics.median(times))
                    last = times
            if size == 50_000:
                continue
            by_order(factory, LeadOrder.PRIORITY)
            times, twice = measure(factory, n_claims, N_CLAIMERS)
            n_twice += twice
            report.row(
                n_leads=size, order="PRIORITY", n_claimers=N_CLAIMERS,
                p50_ms=round(statistics.median(times), 1), p99_ms=round(p99(times), 1),
            )  # fmt: skip
    report.bound("claim_p50_ms", statistics.median(last), 60)
    report.bound("claim_p99_ms", p99(last), 200)
    report.bound("growth", medians[-1] / medians[0], 2)
    report.bound("n_twice", n_twice, 0)
    return report.end(chosen.check)


if __name__ == "__main__":
    sys.exit(main())
