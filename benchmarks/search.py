"""How long a search takes among five million contacts: by names, numbers, e-mails and ids.

Contacts are made in SQL with names of unequal frequency (a tenth of them begin alike). A server of
its own is started in a temporary folder and removed with it.

Bounds (--check):
  slowest_p99_ms   the slowest kind of search     <= 200
"""

import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text

from benchmarks.common import Report, parser
from dialer.embedded import attach
from dialer.store import schema
from dialer.store.contact_search import search
from dialer.store.session import SessionFactory, make_session_factory, transaction

FIVE_MILLION, QUICK = 5_000_000, 100_000
BATCH = 500_000
N_SEARCHES = 25
UNSAFE = {"fsync": "off", "full_page_writes": "off", "max_wal_size": "4GB"}
FIRST = (
    *("Marie", "Awa", "Jean", "Koffi", "Fatou", "Moussa", "Élodie", "Chloé", "Thomas", "Nicolas"),
    *("Paul", "Pierre", "Louis", "Zoé", "Kévin", "Aïcha", "Ibrahim", "Salif", "Adama", "Bintou"),
    *("Clémence", "Émile", "Gérard", "Hélène", "Inès", "Jules", "Karim", "Léa", "Nadia", "Omar"),
)
LAST = (
    *("mar", "tin", "du", "pont", "le", "fe", "vre", "ko", "né", "tra", "o", "ré"),
    *("dia", "llo", "ba", "ri", "ous", "mane", "gar", "ni", "er", "rou", "sse", "lin"),
)
"""Syllables: three make a name."""

_CONTACTS = text("""
    INSERT INTO contacts (name)
    SELECT first[1 + i * 7919 % 30] || ' '
        || initcap(last[1 + i / 7 % 24] || last[1 + i / 168 % 24] || last[1 + i / 4032 % 24])
    FROM generate_series(CAST(:begin AS bigint), CAST(:upto AS bigint)) AS i,
        (SELECT CAST(:first AS text[]) AS first, CAST(:last AS text[]) AS last) AS words
""")
_IDENTITIES = text("""
    INSERT INTO identities (kind, value, contact_id)
    SELECT 'PHONE', '+33' || (600000000 + id), id FROM contacts WHERE id BETWEEN :begin AND :upto
    UNION ALL SELECT 'EMAIL', 'p' || id || '@exemple.fr', id FROM contacts
    WHERE id BETWEEN :begin AND :upto AND id % 5 = 0
    UNION ALL SELECT 'EXTERNAL_ID', 'C-' || id, id FROM contacts
    WHERE id BETWEEN :begin AND :upto AND id % 5 = 1
""")
KINDS = {
    "first name, frequent": "marie",
    "three letters, frequent": "mar",
    "last name": "martindu",
    "first and last name": "awa martin",
    "two beginnings": "mar mar",
    "last word, then first": "martindupont ma",
    "nobody": "zzzyx",
    "number, national": "06 00 01 23",
    "number, ending": "1234",
    "e-mail": "p12345@",
    "external id": "C-1234",
}


@contextmanager
def database(n_contacts: int) -> Iterator[SessionFactory]:
    with TemporaryDirectory(prefix="relance-benchmark-") as folder:
        held = attach(Path(folder), with_redis=False, postgres_settings=UNSAFE)
        schema.upgrade(held.database_url)
        factory = make_session_factory(held.database_url, statement_limit_s=3600.0)
        try:
            for begin in range(1, n_contacts + 1, BATCH):
                upto = min(begin + BATCH - 1, n_contacts)
                with transaction(factory) as session:
                    known = {"begin": begin, "upto": upto}
                    session.execute(_CONTACTS, known | {"first": list(FIRST), "last": list(LAST)})
                    session.execute(_IDENTITIES, known)
            engine = factory.kw["bind"].execution_options(isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text("VACUUM ANALYZE contacts"))
                connection.execute(text("VACUUM ANALYZE identities"))
            yield factory
        finally:
            factory.kw["bind"].dispose()
            held.stop()


def times_of(factory: SessionFactory, wanted: str) -> tuple[list[float], int]:
    """Milliseconds of each search for `wanted`, and how many it shows."""
    times, n_found = [], 0
    for _ in range(N_SEARCHES):
        began = time.perf_counter()
        with transaction(factory) as session:
            n_found = len(search(session, wanted))
        times.append((time.perf_counter() - began) * 1000.0)
    return times, n_found


def main() -> int:
    chosen = parser(__doc__).parse_args()
    report, slowest = Report(chosen.json), 0.0
    n_contacts = QUICK if chosen.quick else FIVE_MILLION
    with database(n_contacts) as factory:
        for kind, wanted in KINDS.items():
            times, n_found = times_of(factory, wanted)
            p99 = statistics.quantiles(times, n=100, method="inclusive")[98]
            slowest = max(slowest, p99)
            report.row(
                kind=f"{kind:>24}", n_contacts=n_contacts, n_found=n_found,
                p50_ms=round(statistics.median(times), 1), p99_ms=round(p99, 1),
            )  # fmt: skip
    report.bound("slowest_p99_ms", slowest, 200)
    return report.end(chosen.check)


if __name__ == "__main__":
    sys.exit(main())
