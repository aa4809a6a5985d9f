"""Two contacts that are one person: looked at side by side, merged, kept apart, taken apart."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from dialer.model.errors import BadInput
from dialer.store import contacts, merging
from dialer.store.contact_search import search
from dialer.store.tables import ContactRow
from dialer.store.timeline import timeline
from web.extensions import db
from web.faults import in_words
from web.permissions import Right, needs

bp = Blueprint("contact_merge", __name__, url_prefix="/contacts")

LINES_SHOWN = 5


@bp.get("/<int:contact_id>/merge")
@needs(Right.CHANGE_CONTACTS)
def choose(contact_id: int) -> ResponseReturnValue:
    """Whom to merge with; with `with`, both side by side."""
    mine = db.session.get(ContactRow, contact_id) or abort(404)
    other = db.session.get(ContactRow, request.args.get("with", 0, type=int))
    wanted = request.args.get("q", "").strip()
    found = [one for one in search(db.session(), wanted) if one.contact_id != contact_id]
    db.session.commit()
    return render_template(
        "contacts/merge.html", mine=mine, sides=[_side(one) for one in (mine, other) if one],
        found=found, q=wanted, alike=merging.suggestions(db.session(), contact_id),
    )  # fmt: skip


@bp.post("/<int:contact_id>/merge")
@needs(Right.CHANGE_CONTACTS)
def merge(contact_id: int) -> ResponseReturnValue:
    gone_id = request.form.get("gone_id", 0, type=int)
    try:
        merging.merge(db.session(), contact_id, gone_id, current_user.user_id)
    except BadInput as fault:
        db.session.rollback()
        flash(in_words(fault), "fault")
    else:
        db.session.commit()
        flash(_("Les deux contacts n’en font plus qu’un. Cela peut être défait."), "ok")
    return redirect(url_for("contacts.show", contact_id=contact_id))


@bp.post("/<int:contact_id>/apart")
@needs(Right.CHANGE_CONTACTS)
def keep_apart(contact_id: int) -> ResponseReturnValue:
    """They are two persons."""
    for one in (contact_id, other := request.form.get("other_id", 0, type=int)):
        if db.session.get(ContactRow, one) is None or contact_id == other:
            abort(404)
    merging.dismiss(db.session(), contact_id, other, current_user.user_id)
    db.session.commit()
    return redirect(url_for("contacts.show", contact_id=contact_id))


@bp.post("/merges/<int:merge_id>/undo")
@needs(Right.CHANGE_CONTACTS)
def undo(merge_id: int) -> ResponseReturnValue:
    try:
        row = merging.unmerge(db.session(), merge_id, current_user.user_id)
    except BadInput as fault:
        db.session.rollback()
        flash(in_words(fault), "fault")
        return redirect(url_for("contacts.index"))
    db.session.commit()
    flash(_("La fusion est défaite : chacun a repris ce qui était à lui."), "ok")
    return redirect(url_for("contacts.show", contact_id=row.kept_id))


def _side(row: ContactRow) -> dict[str, Any]:
    session = db.session()
    return {
        "row": row,
        "identities": contacts.identities_of(session, row.id),
        "lines": timeline(session, row.id, n=LINES_SHOWN),
    }
