"""What templates may call: formats of times, durations, rates and numbers, and the labels."""

from datetime import UTC, datetime
from typing import Any

import phonenumbers
from babel.numbers import get_decimal_symbol
from flask import Flask, request
from flask_babel import format_datetime, format_decimal, format_percent, get_locale
from flask_login import current_user

from dialer.policy.places import first_zone, part_of_place, places_in, zone_of_place
from web import clock, labels, menu
from web.assets import asset
from web.i18n import LANGUAGES, language, zone_name
from web.permissions import may


def install(app: Flask) -> None:
    """Register filters and globals."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        instant=instant,
        day_time=day_time,
        hour=hour,
        second=second,
        phone=phone,
        places=places,
        first_zone=first_zone,
        percent=percent,
        number=number,
        typed=typed,
        clock=duration,
        seconds_between=seconds_between,
    )
    app.context_processor(_globals)


def _globals() -> dict[str, Any]:
    return {
        "asset": asset,
        "labels": labels,
        "languages": LANGUAGES,
        "language": language(),
        "may": may,
        "menu": menu,
        "here": request.endpoint or "",
        "zone_name": zone_name(),
        "server_now": clock.now().timestamp(),
        "user": current_user,
    }


Instant = datetime | float | None
"""Rows hold datetimes, reports UTC seconds."""


def _shown(at: Instant, form: str) -> str:
    if at is None:
        return "—"
    when = at if isinstance(at, datetime) else datetime.fromtimestamp(at, UTC)
    return str(format_datetime(when, form))


def instant(at: Instant) -> str:
    """Date and time to the second, in the visitor's zone."""
    return _shown(at, "dd/MM/yyyy HH:mm:ss")


def day_time(at: Instant) -> str:
    """Date and time to the minute, in the visitor's zone."""
    return _shown(at, "dd/MM/yyyy HH:mm")


def hour(at: Instant) -> str:
    """Time of day to the minute, in the visitor's zone."""
    return _shown(at, "HH:mm")


def second(at: Instant) -> str:
    """Time of day to the tenth of a second, in the visitor's zone."""
    return _shown(at, "HH:mm:ss.S")


def phone(value: str) -> str:
    """An E.164 number as its country groups it, with the country code."""
    try:
        parsed = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(parsed, form)).replace(" ", "\u00a0")


def places(known: str) -> str:
    """Candidate places of a lead as people read them."""
    shown = [(zone_of_place(place), part_of_place(place)) for place in places_in(known)]
    return ", ".join(f"{zone} ({part})" if part else zone for zone, part in shown)


def percent(share: float | None, digits: int = 1) -> str:
    """A share as a percentage of the language; a dash when there is nothing to divide by."""
    if share is None:
        return "—"
    whole: str = get_locale().percent_formats[None].pattern
    return format_percent(share, whole.replace("#,##0", "#,##0." + "0" * digits))


def number(value: float | None) -> str:
    """Grouped digits of the language."""
    return "—" if value is None else format_decimal(value)


def typed(written: str) -> str:
    """A decimal as the language's readers type it; `forms.decimal` reads it again."""
    return written.replace(".", get_decimal_symbol(get_locale()))


def duration(seconds: float | None) -> str:
    """mm:ss, or h:mm:ss from an hour on."""
    if seconds is None:
        return "—"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def seconds_between(start: float | None, end: float | None) -> float | None:
    """Seconds from `start` to `end`; None when either is missing."""
    return end - start if start is not None and end is not None else None
