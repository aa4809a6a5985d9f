"""/healthz: the process answers. /readyz: PostgreSQL and Redis answer too."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from redis import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from web.extensions import bus, db
from web.permissions import for_everyone

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@for_everyone
def healthz() -> ResponseReturnValue:
    return {"status": "ok"}


@bp.get("/readyz")
@for_everyone
def readyz() -> ResponseReturnValue:
    parts = {"postgresql": _database_answers(), "redis": _redis_answers()}
    is_ready = all(parts.values())
    return {"status": "ok" if is_ready else "unavailable", **parts}, 200 if is_ready else 503


def _database_answers() -> bool:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _redis_answers() -> bool:
    try:
        return bool(bus().redis.ping())
    except RedisError:
        return False
