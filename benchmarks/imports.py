"""How fast a list becomes leads, beside PostgreSQL alone.

A CSV of a million rows (names, towns, addresses; a tenth of the numbers written with blanks, some
short, some twice, 10,000 on the do-not-call list) is imported as a worker does it. Rival: a bare
COPY of the same leads, ready made, into an empty table with the same columns, keys and indexes, in
the same run. Memory is the largest resident size of the import's processes together; that of the
database's own processes is beside it.

Bounds (--check):
  import_s         1,000,000 rows   <= 60
  import_rss_mb    the import's processes together   <= 500
  n_rows_lost      rows in no count, or in two       <= 0
"""

import random
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from benchmarks.common import Report, parser
from dialer.embedded import attach
from dialer.jobs.imports import import_list
from dialer.store import campaigns, do_not_call, schema
from dialer.store.session import SessionFactory, make_session_factory, transaction
from dialer.store.tables import LeadList

N_ROWS, N_QUICK = 1_000_000, 100_000
N_BLOCKED = 10_000
SAMPLE_EVERY_S = 0.05
NAMES = ("Martin", "Durand", "Koné", "N'Diaye", "Lefèvre", "Dossou", "Petit", "Bernard")
FIRST_NAMES = ("Awa", "Jean", "Élodie", "Koffi", "Marie-Claire", "Moussa", "Chloé", "Zoé")
TOWNS = ("Lyon", "Paris", "Marseille", "Saint-Étienne", "Cotonou", "Lille", "Nantes")
LEADS = """
    list_id, campaign_id, number, other_numbers, time_zone, name, fields, state, priority, due_at,
    n_attempts, n_tries
"""


@dataclass
class Peak:
    """The largest resident sizes seen, in megabytes."""

    import_mb: float = 0
    database_mb: float = 0


def number(i: int) -> str:
    """The i-th mobile number, each once, in no order."""
    return f"06{i * 7919 % 19_999_999:08d}"


def write_list(path: Path, n_rows: int) -> None:
    """The file: 70 bytes a row."""
    draw = random.Random(5)
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write("Téléphone;Nom;Prénom;Ville;Code postal;E-mail;Référence\r\n")
        for i in range(n_rows):
            out.write(
                f"{_written(i)};{draw.choice(NAMES)};{draw.choice(FIRST_NAMES)};"
                f"{draw.choice(TOWNS)};{10_000 + i % 80_000};p{i}@example.fr;R-{i:07d}\r\n"
            )


def _written(i: int) -> str:
    if i % 100 == 99:
        return "12"
    plain = number(0 if i % 50 == 49 else i)
    if i % 10 == 3:
        return " ".join(plain[j : j + 2] for j in range(0, 10, 2))
    return f"+33{plain[1:]}" if i % 10 == 7 else plain


@contextmanager
def watched(server_folder: Path) -> Iterator[Peak]:
    """The largest sizes while the block runs."""
    peak, is_over = Peak(), threading.Event()

    def watch() -> None:
        while not is_over.wait(SAMPLE_EVERY_S):
            mine = psutil.Process()
            peak.import_mb = max(peak.import_mb, _mb([mine, *_readers(mine)]))
            peak.database_mb = max(peak.database_mb, _mb(_backends(server_folder), "shared"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        is_over.set()
        watcher.join()


def _readers(mine: psutil.Process) -> list[psutil.Process]:
    return [child for child in mine.children(recursive=True) if "python" in child.name()]


def _backends(server_folder: Path) -> list[psutil.Process]:
    pid = int((server_folder / "postgres" / "postmaster.pid").read_text().split()[0])
    return psutil.Process(pid).children()


def _mb(processes: list[psutil.Process], less: str = "") -> float:
    found = 0
    for process in processes:
        try:
            sizes = process.memory_info()
        except psutil.Error:
            continue
        found += sizes.rss - (getattr(sizes, less) if less else 0)
    return found / 1e6


def add_list(factory: SessionFactory, name: str) -> int:
    with transaction(factory) as session:
        campaign = campaigns.create_campaign(session, name)
        session.flush()
        row = LeadList(campaign_id=campaign.id, name=name)
        session.add(row)
        session.flush()
        return row.id


def bare_copy(engine: Engine, leads: Path) -> float:
    """Seconds that PostgreSQL takes for the leads alone."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bare (LIKE leads INCLUDING ALL)"))
        connection.execute(text(
            "ALTER TABLE bare ADD FOREIGN KEY (list_id, campaign_id)"
            " REFERENCES lists (id, campaign_id)"
        ))  # fmt: skip
    began = time.monotonic()
    with engine.begin() as connection, leads.open("rb") as file:
        cursor = connection.connection.cursor()
        cursor.copy_expert(f"COPY bare ({LEADS}) FROM STDIN", file)  # type: ignore[attr-defined]
    return time.monotonic() - began


def take_out(engine: Engine, path: Path) -> None:
    """The leads as they are, for the rival."""
    with engine.begin() as connection, path.open("wb") as file:
        cursor = connection.connection.cursor()
        cursor.copy_expert(f"COPY leads ({LEADS}) TO STDOUT", file)  # type: ignore[attr-defined]


def measure(folder: Path, n_rows: int) -> dict[str, float]:
    """One import, and the rival."""
    write_list(folder / "list.csv", n_rows)
    held = attach(folder)
    try:
        schema.upgrade(held.database_url)
        factory = make_session_factory(held.database_url)
        list_id = add_list(factory, "Benchmark")
        with transaction(factory) as session:
            blocked = {f"+33{number(i * 7)[1:]}" for i in range(N_BLOCKED)}
            do_not_call.add_many(session, blocked, "IMPORT")
        began = time.monotonic()
        with watched(folder) as peak:
            counts = import_list(factory, list_id, folder / "list.csv")
        import_s = time.monotonic() - began
        engine = create_engine(held.database_url, poolclass=NullPool)
        with engine.connect() as connection:
            n_leads = connection.scalar(text("SELECT count(*) FROM leads"))
        take_out(engine, folder / "leads.copy")
        copy_s = bare_copy(engine, folder / "leads.copy")
        factory.kw["bind"].dispose()
    finally:
        held.stop()
    return {
        "n_rows": counts.n_read, "n_leads": n_leads, "import_s": import_s, "copy_s": copy_s,
        "times_bare_copy": import_s / copy_s, "rows_per_s": counts.n_read / import_s,
        "import_rss_mb": peak.import_mb, "database_rss_mb": peak.database_mb,
        "n_rows_lost": abs(n_rows - counts.n_read) + abs(counts.n_inserted - n_leads),
    }  # fmt: skip


def main() -> int:
    chosen = parser(__doc__).parse_args()
    report = Report(chosen.json)
    folder = Path(tempfile.mkdtemp(prefix="relance-imports-"))
    folder.chmod(0o755)
    try:
        found = measure(folder, N_QUICK if chosen.quick else N_ROWS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.row(**{name: round(value, 2) for name, value in found.items()})
    report.bound("import_s", found["import_s"], 6 if chosen.quick else 60)
    report.bound("import_rss_mb", found["import_rss_mb"], 500)
    report.bound("n_rows_lost", found["n_rows_lost"], 0)
    report.summary["times_bare_copy"] = round(found["times_bare_copy"], 2)
    return report.end(chosen.check)


if __name__ == "__main__":
    sys.exit(main())
