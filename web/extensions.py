"""Flask extensions, made once; and the two doors of the application: `db` and `bus()`."""

from typing import cast

from flask import Flask, current_app
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

from dialer.bus.redis import Bus
from dialer.config import Settings
from dialer.store.tables import Base

db = SQLAlchemy(metadata=Base.metadata)
csrf = CSRFProtect()
login_manager = LoginManager()
babel = Babel()


def install(app: Flask) -> None:
    """Bind the extensions to the application."""
    db.init_app(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    login_manager.session_protection = None  # agents change networks; the session is server-side


def bus() -> Bus:
    """The bus of the current application."""
    return cast(Bus, current_app.extensions["relance_bus"])


def settings() -> Settings:
    """The settings of the current application."""
    return cast(Settings, current_app.config["RELANCE_SETTINGS"])
