"""`relance web`: serves the application with gevent until SIGTERM or Ctrl+C.

The entry point has patched the standard library before this module is read; nothing here patches.
"""

import logging
import os
import signal

import click
import gevent
from gevent.pywsgi import WSGIServer
from werkzeug.middleware.proxy_fix import ProxyFix

from dialer.config import Settings, read_settings
from dialer.embedded import attach
from dialer.store import schema
from dialer.telemetry import configure_logging

log = logging.getLogger(__name__)
STOP_LIMIT_S = 5
UPGRADE = "run `relance db upgrade`"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on [default: RELANCE_HTTP_PORT or 8080].")
@click.option(
    "--behind-proxy", is_flag=True,
    help="One reverse proxy stands before: believe its X-Forwarded-For, -Proto and -Host.",
)  # fmt: skip
def web(host: str, port: int | None, behind_proxy: bool) -> None:
    """Serve the screens: agents, supervisors, administrators, analysts."""
    from web import create_app

    settings = read_settings(os.environ)
    configure_logging(settings.log_level, "web")
    database_url, redis_url = _addresses(settings)
    if not schema.is_current(database_url):
        raise click.ClickException("the database is not set up for this release: " + UPGRADE)
    app = create_app(settings, database_url, redis_url)
    if behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    listener = (host, settings.http_port if port is None else port)
    server = WSGIServer(listener, app, log=None, error_log=log)
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, _stop, server)
    server.start()
    click.echo(f"relance: http://{host}:{server.server_port}")
    server.serve_forever(stop_timeout=STOP_LIMIT_S)


def _stop(server: WSGIServer) -> None:
    """Take no new request; open ones get STOP_LIMIT_S, event streams are cut."""
    log.info("web stops")
    server.stop(timeout=STOP_LIMIT_S)


def _addresses(settings: Settings) -> tuple[str, str]:
    """The configured servers; the embedded ones for those that are not configured."""
    if settings.database_url and settings.redis_url:
        return settings.database_url, settings.redis_url
    servers = attach(
        settings.var_dir,
        with_postgres=not settings.database_url,
        with_redis=not settings.redis_url,
    )
    return settings.database_url or servers.database_url, settings.redis_url or servers.redis_url
