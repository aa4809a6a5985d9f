"""How long a search takes among five million contacts: by names, numbers, e-mails and ids.

Contacts are made in SQL with names of unequal frequency (a tenth of them begin alike). A server of
its own is started in a temporary folder and removed with it, or in one that --folder keeps: the
next run finds it full. Five million take 3 GB of disk and some minutes.

Bounds (--check):
  slowest_p99_ms   the slowest kind of search     <= 200
"""

import statistics
import sys
import time
from functools import partial

from sqlalchemy import Connection, text

from benchmarks.common import Report, parser
from benchmarks.filled import filled_server
from dialer.store.contact_search import search
from dialer.store.session import SessionFactory, transaction

FIVE_MILLION, QUICK = 5_000_000, 100_000
BATCH = 500_000
N_SEARCHES = 25
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


def fill(connection: Connection, n_contacts: int) -> None:
    """Contacts and what they are known by, in batches."""
    for begin in range(1, n_contacts + 1, BATCH):
        known = {"begin": begin, "upto": min(begin + BATCH - 1, n_contacts)}
        connection.execute(_CONTACTS, known | {"first": list(FIRST), "last": list(LAST)})
        connection.execute(_IDENTITIES, known)


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
    options = parser(__doc__)
    options.add_argument("--folder", default="", help="where the filled database stays")
    chosen = options.parse_args()
    report, slowest = Report(chosen.json), 0.0
    n_contacts = QUICK if chosen.quick else FIVE_MILLION
    made = partial(fill, n_contacts=n_contacts)
    with (
        filled_server(chosen.folder) as server,
        server.database(f"contacts_{n_contacts}", made, "contacts", "identities") as factory,
    ):
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
