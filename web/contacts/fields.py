"""The fields of a contact's form: the name, and the customer's own fields."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.model.contact import FieldKind
from dialer.store.tables import ContactRow, CustomField
from web.forms import Field, Filled
from web.i18n import language

LENGTH = 2000
DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
NUMBER = r"-?[0-9]{1,15}([.][0-9]{1,6})?"
YES = "1"


def name_field() -> Field:
    """What the person is called."""
    return Field("name", _l("Nom"), is_required=False, high=200)


def fields_of(session: Session) -> tuple[Field, ...]:
    """One form field for each custom field, in the order in which they were made."""
    rows = session.scalars(select(CustomField).order_by(CustomField.id))
    return tuple(_field(row) for row in rows)


def written_fields(row: ContactRow, filled: Filled) -> dict[str, str]:
    """The contact's fields with what was filled in; what is empty is not there."""
    sent = {name: _text(value) for name, value in filled.values.items() if name != "name"}
    kept = {**row.fields, **sent}
    return {name: value for name, value in kept.items() if value}


def label_of(row: CustomField) -> str:
    """In the visitor's language."""
    return row.label_fr if language() == "fr" else row.label_en


def _text(value: Any) -> str:
    return YES if value is True else "" if value is False else str(value)


def _field(row: CustomField) -> Field:
    common: dict[str, Any] = {"is_required": False, "high": LENGTH}
    match row.kind:
        case FieldKind.NUMBER:
            common |= {"pattern": NUMBER, "pattern_help": _l("un nombre, avec un point")}
        case FieldKind.DATE:
            common |= {"pattern": DATE, "pattern_help": _l("une date : 2026-12-31")}
        case FieldKind.SWITCH:
            common |= {"kind": "switch"}
        case FieldKind.CHOICE:
            chosen = [(word, word) for word in row.choices]
            common |= {"kind": "choice", "choices": lambda: chosen}
    return Field(row.key, label_of(row), **common)
