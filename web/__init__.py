"""The web application: parse, permit, call one function, render; no engine, no switch."""

from flask import Flask

from dialer.bus.redis import connect
from dialer.channels.registry import sms_channel
from dialer.config import Settings
from web import errors, extensions, health, i18n, rendering, secret, security
from web.admin import (
    api_keys,
    caller_numbers,
    campaigns,
    compliance,
    consents,
    list_reports,
    lists,
    people,
    segments,
    standing,
    uploads,
    why_not,
)
from web.agent import call_control, own_calls, phone
from web.agent import routes as desk
from web.api import routes as api
from web.auth import routes as auth
from web.contacts import custom_fields, merge
from web.contacts import routes as contacts
from web.faults import in_words
from web.import_words import row_words, stored_words
from web.live import Live
from web.messages import routes as messages
from web.pacing import routes as pacing
from web.pacing import what_if
from web.permissions import guard
from web.recordings import routes as recordings
from web.reports import routes as reports
from web.sessions import RedisSessions
from web.supervisor import listening
from web.supervisor import routes as supervisor
from web.switch import directory
from web.webhooks import routes as webhooks

MAX_UPLOAD_BYTES = 500 * 1024 * 1024

ENGINE_OPTIONS = {
    "pool_pre_ping": True,
    "pool_size": 10,
    "max_overflow": 20,
    "pool_timeout": 10,
    "connect_args": {
        "connect_timeout": 10,
        "application_name": "relance web",
        "options": "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"
        " -c timezone=UTC",
    },
}
"""A page that waits longer than this for PostgreSQL shows an error, and holds no lock."""

BLUEPRINTS = (
    auth.bp,
    campaigns.bp,
    lists.bp,
    standing.bp,
    segments.bp,
    list_reports.bp,
    uploads.bp,
    people.bp,
    compliance.bp,
    consents.bp,
    caller_numbers.bp,
    why_not.bp,
    api_keys.bp,
    desk.bp,
    own_calls.bp,
    call_control.bp,
    phone.bp,
    supervisor.bp,
    pacing.bp,
    listening.bp,
    what_if.bp,
    reports.bp,
    recordings.bp,
    messages.bp,
    contacts.bp,
    merge.bp,
    custom_fields.bp,
    webhooks.bp,
    directory.bp,
    api.bp,
    health.bp,
)


def create_app(settings: Settings, database_url: str, redis_url: str) -> Flask:
    """The WSGI application on the given PostgreSQL and Redis."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=secret.secret_key(settings),
        SQLALCHEMY_DATABASE_URI=database_url,
        SQLALCHEMY_ENGINE_OPTIONS=ENGINE_OPTIONS,
        SESSION_COOKIE_NAME="relance",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAX_UPLOAD_BYTES,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        WTF_CSRF_TIME_LIMIT=None,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        RELANCE_SETTINGS=settings,
        RELANCE_REDIS_URL=redis_url,
    )
    bus = connect(redis_url)
    app.extensions["relance_bus"] = bus
    app.extensions["relance_live"] = Live(connect(redis_url))
    app.extensions["relance_sms"] = sms_channel(settings)
    app.session_interface = RedisSessions(bus.redis)
    extensions.install(app)
    i18n.install(app)
    rendering.install(app)
    app.jinja_env.filters.update(fault=in_words, list_fault=stored_words, row_fault=row_words)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.before_request(guard)
    security.install(app)
    errors.install(app)
    return app
