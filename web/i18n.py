"""Language and time zone of a page: the user's choice, then the browser's; French by default.

Catalogues are compiled by scripts/build_assets; a missing or older .mo is compiled at start.
"""

from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, request, session
from flask_login import current_user

from web.extensions import babel

LANGUAGES = {"fr": "Français", "en": "English"}
DEFAULT_ZONE = "Europe/Paris"
TRANSLATIONS = Path(__file__).parent / "translations"
_ZONES = frozenset(available_timezones())


def install(app: Flask) -> None:
    """Compile what is stale, then bind Flask-Babel."""
    compile_catalogues()
    babel.init_app(
        app,
        default_locale="fr",
        default_timezone=DEFAULT_ZONE,
        locale_selector=language,
        timezone_selector=zone_name,
        default_translation_directories=str(TRANSLATIONS),
    )


def language() -> str:
    """`fr` or `en`."""
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    if current_user and current_user.is_authenticated and current_user.locale in LANGUAGES:
        return str(current_user.locale)
    return request.accept_languages.best_match(list(LANGUAGES)) or "fr"


def zone_name() -> str:
    """IANA name of the zone in which the visitor reads times; the page's script sets the cookie."""
    named = request.cookies.get("relance_zone", "")
    return named if named in _ZONES else DEFAULT_ZONE


def zone() -> ZoneInfo:
    """The zone in which the visitor reads and types times."""
    return ZoneInfo(zone_name())


def compile_catalogues() -> None:
    """Write each .mo that is missing or older than its .po."""
    for source in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        partial = target.with_suffix(".mo.part")
        with partial.open("wb") as file:
            write_mo(file, catalogue)
        partial.replace(target)
