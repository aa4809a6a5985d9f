"""A segment's criteria as a form: lines of one question and its words, joined by "all" or "any".

A question is a field with what it is asked, in one choice, so that none can be asked what it cannot
answer. Words are written as the screens show them (« Occupé », a campaign's name) and stored as
codes. Criteria that are nested deeper, as an API may write them, are shown and not edited.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from dialer.model.errors import BadInput
from dialer.model.lead_filter import ANSWERS, CUSTOM, FIELDS, Is, Kind, kind_of
from dialer.store.tables import CampaignRow, CustomField, DispositionRow, LeadList
from web import labels
from web.contacts.fields import label_of
from web.forms import Sent, decimal
from web.i18n import language

LINES = 8
_MANY = ";"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form. `question`: field and asking, joined by a bar."""

    question: str = ""
    words: str = ""
    is_not: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    joined: str
    lines: tuple[Line, ...]


def questions(session: Session, form: Form | None) -> dict[str, dict[str, str]]:
    """What may be asked, by field: {label: {"field|asking": words}}; a field that `form` asks of
    although it is not declared among them."""
    named = {name: str(word) for name, word in labels.lists.FILTER_FIELDS.items()}
    for row in session.scalars(select(CustomField).order_by(CustomField.id)):
        named[f"{CUSTOM}{row.key}"] = label_of(row)
    for line in form.lines if form else ():
        name = line.question.partition("|")[0]
        if name.startswith(CUSTOM):
            named.setdefault(name, name.removeprefix(CUSTOM))
    return {
        label: {
            f"{name}|{asks}": f"{label} {labels.lists.FILTER_ASKS[asks]}"
            for asks in Is
            if asks in ANSWERS[kind_of(name)]
        }
        for name, label in named.items()
    }


def words_of(session: Session) -> dict[str, dict[str, str | int]]:
    """The closed sets by field: what is written, in small letters, and the code it stands for."""
    said = language()
    spoken = select(
        DispositionRow.code, DispositionRow.label_fr if said == "fr" else DispositionRow.label_en
    ).distinct()
    return {
        "last_outcome": {str(label.word): code for code, label in labels.calls.OUTCOMES.items()},
        "state": {str(word): code for code, word in labels.lists.LEAD_STATES.items()},
        "disposition": {label: code for code, label in session.execute(spoken)},
        "campaign": _named(session, CampaignRow),
        "list": _named(session, LeadList),
    }


def read(session: Session, sent: Sent) -> dict[str, Any]:
    """The criteria of a filled form. Raises BadInput with words for the person."""
    known = words_of(session)
    parts = [_part(line, known) for line in lines_of(sent) if line.question]
    if not parts:
        raise BadInput(_("Posez au moins une condition."))
    return {"any" if sent.get("joined", "all") == "any" else "all": parts}


def lines_of(sent: Sent) -> Iterator[Line]:
    """The lines as they were sent."""
    for n in range(LINES):
        yield Line(
            sent.get(f"question_{n}", ""),
            sent.get(f"words_{n}", "").strip(),
            sent.get(f"is_not_{n}", "") == "1",
        )


def shown(session: Session, criteria: Mapping[str, Any]) -> Form | None:
    """Criteria as a form; None when they are nested deeper than a form can say."""
    joined = next(iter(criteria), "all")
    parts = criteria.get(joined)
    if joined not in ("all", "any") or not isinstance(parts, list) or len(parts) > LINES:
        return None
    if not all(_is_flat(part) for part in parts):
        return None
    codes = {
        name: {code: word for word, code in words.items()}
        for name, words in words_of(session).items()
    }
    return Form(joined, tuple(_line(part, codes) for part in parts))


def _named(session: Session, table: Any) -> dict[str, str | int]:
    rows = session.execute(select(table.id, table.name).order_by(table.id))
    return {name: identity for identity, name in rows}


def _part(line: Line, known: Mapping[str, Mapping[str, str | int]]) -> dict[str, Any]:
    name, _bar, asked = line.question.partition("|")
    if name not in FIELDS and not name.startswith(CUSTOM):
        raise BadInput(_("Cette condition n’existe pas."))
    test: dict[str, Any] = {"field": name, "is": asked}
    if asked not in (Is.EMPTY, Is.NEVER):
        test["value"] = _value(kind_of(name), asked, line.words, known.get(name))
    return {"not": test} if line.is_not else test


def _value(kind: Kind, asked: str, words: str, known: Mapping[str, str | int] | None) -> Any:
    is_number = asked in (Is.AT_LEAST, Is.AT_MOST, Is.OLDER_THAN, Is.YOUNGER_THAN)
    if is_number or kind is Kind.COUNT:
        return _number(words)
    if asked != Is.IN:
        return words
    several = [word.strip() for word in words.split(_MANY) if word.strip()]
    return several if known is None else [_code(word, known) for word in several]


def _number(words: str) -> float:
    try:
        return decimal(words)
    except ValueError:
        raise BadInput(_("« %(words)s » n’est pas un nombre.", words=words)) from None


def _code(word: str, known: Mapping[str, str | int]) -> str | int:
    plain = {written.casefold(): code for written, code in known.items()}
    code = plain.get(word.casefold())
    if code is None:
        raise BadInput(_("« %(word)s » n’est pas connu ici.", word=word))
    return code


def _is_flat(part: Any) -> bool:
    inner = part.get("not", part) if isinstance(part, dict) else None
    return isinstance(inner, dict) and "field" in inner


def _line(part: Mapping[str, Any], codes: Mapping[str, Mapping[str | int, str]]) -> Line:
    test = part.get("not", part)
    value, known = test.get("value"), codes.get(test["field"], {})
    if isinstance(value, (list, tuple)):
        words = f"{_MANY} ".join(str(known.get(one, one)) for one in value)
    else:
        words = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    return Line(f"{test['field']}|{test['is']}", words, "not" in part)
