"""What becomes of a list: how far its import is, which rows became no lead, which leads stayed."""

from collections.abc import Iterator
from functools import partial

import gevent
from flask import Blueprint, Response, render_template, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from dialer.jobs.imports import Phase, Progress, progress_of
from dialer.model.call_list import ListState
from dialer.store.call_lists import AT_WORK
from dialer.store.tables import LeadList, LeadRow, RejectedRow
from web import csvfile, labels, sse
from web.admin.lists import body, found
from web.extensions import bus, db
from web.import_words import row_words
from web.permissions import Right, needs
from web.rendering import day_time, duration, number

bp = Blueprint("list_reports", __name__, url_prefix="/lists")

TELL_EVERY_S = 0.5
TELL_FOR_S = 600.0
"""A stream ends after that; the browser opens another, and his session is looked at again."""
ROWS_AT_ONCE = 1000


@bp.get("/<int:list_id>/body")
@needs(Right.MANAGE_LISTS)
def fragment(list_id: int) -> ResponseReturnValue:
    """The page below its crumbs: asked for when the work has ended."""
    return render_template("admin/_list_body.html", **body(found(list_id)))


@bp.get("/<int:list_id>/events")
@needs(Right.MANAGE_LISTS)
def events(list_id: int) -> Response:
    """How far the work is, twice a second; `over` when it has ended."""
    found(list_id)
    return sse.stream(stream_with_context(_course(list_id)))


@bp.get("/<int:list_id>/rejects.csv")
@needs(Right.MANAGE_LISTS)
def rejects(list_id: int) -> Response:
    row = found(list_id)
    header = (_("Ligne n°"), _("Code"), "Raison", "Reason", _("Ligne du fichier"))
    return csvfile.table(header, partial(_rejected_lines, row.id), f"rejets-{row.id}")


@bp.get("/<int:list_id>/kept.csv")
@needs(Right.MANAGE_LISTS)
def kept(list_id: int) -> Response:
    """The leads that taking the import back left, and why."""
    row = found(list_id)
    header = (_("Numéro"), _("Nom"), _("État"), _("Appels"), _("Dernier appel"))
    return csvfile.table(header, partial(_kept_lines, row.id), f"gardes-{row.id}")


def progress_words(state: str, told: Progress | None) -> str:
    """One line: what is done, how fast, how long still."""
    if told is None or told.phase is Phase.WAITING:
        return _("En attente d’un ouvrier…")
    words = str(labels.lists.IMPORT_PHASES[told.phase])
    if told.n_rows:
        words += " · " + _("%(n)s lignes", n=number(told.n_rows))
    if told.rows_per_s:
        words += " · " + _("%(n)s par seconde", n=number(told.rows_per_s))
    if told.left_s is not None and state != ListState.STOPPING:
        words += " · " + _("encore %(time)s", time=duration(told.left_s))
    return words


def _course(list_id: int) -> Iterator[bytes]:
    for _n in range(round(TELL_FOR_S / TELL_EVERY_S)):
        state = db.session.scalar(select(LeadList.state).where(LeadList.id == list_id))
        db.session.remove()
        if state is None or ListState(state) not in AT_WORK:
            yield sse.event({}, name="over")
            return
        told = progress_of(bus().redis, list_id)
        yield sse.event({"share": told.share if told else 0, "words": progress_words(state, told)})
        gevent.sleep(TELL_EVERY_S)


def _rejected_lines(list_id: int) -> Iterator[tuple[object, ...]]:
    query = select(RejectedRow).where(RejectedRow.list_id == list_id)
    ordered = query.order_by(RejectedRow.row_number).execution_options(yield_per=ROWS_AT_ONCE)
    for row in db.session.scalars(ordered):
        yield row.row_number, row.code, *_in_both(row.code, row.detail), row.line


def _in_both(code: str, detail: str) -> tuple[str, str]:
    with force_locale("fr"):
        french = row_words(code, detail)
    with force_locale("en"):
        return french, row_words(code, detail)


def _kept_lines(list_id: int) -> Iterator[tuple[object, ...]]:
    query = select(LeadRow).where(LeadRow.list_id == list_id).order_by(LeadRow.id)
    for lead in db.session.scalars(query.execution_options(yield_per=ROWS_AT_ONCE)):
        state = labels.lists.LEAD_STATES[lead.state]
        yield lead.number, lead.name, str(state), lead.n_attempts, day_time(lead.last_attempt_at)
