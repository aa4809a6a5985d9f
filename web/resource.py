"""One list, form and CSV page for any table, driven by a declaration.

A Resource says which columns a list shows, which fields a form may change, and who may; the
views below do the rest. Rows are paged by key, newest first, so a page costs the same anywhere.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, cast

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.exc import IntegrityError

from dialer.model.errors import BadInput
from web import audit, csvfile
from web.extensions import db
from web.faults import blame
from web.forms import Field, Filled, Words, from_row, from_values, parse
from web.labels import Label
from web.permissions import Right, needs

PAGE_SIZE = 50
DELETE_QUESTION = _l("Supprimer cette ligne ?")
DELETED = _l("Supprimé.")


@dataclass(frozen=True, slots=True)
class Column:
    """`form`: text, long, subject, day_time, instant, phone, number, switch. `words` name codes."""

    name: str
    label: Words
    form: str = "text"
    get: Callable[[Any], Any] | None = None
    words: Mapping[str, LazyString | Label] | None = None

    def value(self, row: Any) -> Any:
        return self.get(row) if self.get else getattr(row, self.name)


def _nothing(*_: Any) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Resource:
    """`create` makes a row, and `remove` takes it out, by a function of the store; without them
    the values become columns, and the row is deleted.

    `before_save(row or None, values)` may alter the values. Both raise BadInput with words for
    the person. `after_save` and `after_delete` run once the transaction is committed.
    """

    name: str
    title: Words
    table: Any
    right: Right
    columns: tuple[Column, ...]
    intro: Words = ""
    empty: Words = ""
    empty_detail: Words = ""
    new_label: Words = ""
    fields: tuple[Field, ...] = ()
    new_fields: tuple[Field, ...] = ()
    search: tuple[str, ...] = ()
    defaults: dict[str, Any] = field(default_factory=dict)
    may_edit: bool = True
    delete_label: Words = ""
    delete_question: Words = DELETE_QUESTION
    deleted: Words = DELETED
    create: Callable[[dict[str, Any]], Any] | None = None
    remove: Callable[[Any], None] | None = None
    before_save: Callable[[Any, dict[str, Any]], None] = _nothing
    after_save: Callable[[Any], None] = _nothing
    after_delete: Callable[[Any], None] = _nothing
    secret: frozenset[str] = frozenset()

    def fields_for(self, row: Any) -> tuple[Field, ...]:
        return self.fields if row is not None or not self.new_fields else self.new_fields


def register(bp: Blueprint, resource: Resource) -> None:
    """Add the resource's pages to the blueprint; only those that the declaration allows."""
    protect = needs(resource.right)

    def page(suffix: str, path: str, act: Callable[..., Any], methods: tuple[str, ...]) -> None:
        def view(**arguments: Any) -> ResponseReturnValue:
            return cast(ResponseReturnValue, act(**arguments))

        address = f"/{resource.name.replace('_', '-')}{path}"
        bp.add_url_rule(address, resource.name + suffix, protect(view), methods=methods)

    page("", "", partial(_list_page, bp, resource), ("GET",))
    page("_csv", ".csv", partial(_export, resource), ("GET",))
    if resource.fields:
        page("_new", "/new", partial(_form_page, bp, resource), ("GET", "POST"))
    if resource.fields and resource.may_edit:
        page("_edit", "/<int:row_id>", partial(_form_page, bp, resource), ("GET", "POST"))
    if resource.delete_label:
        page("_delete", "/<int:row_id>/delete", partial(_delete, bp, resource), ("POST",))


def _found(resource: Resource, row_id: int) -> Any:
    return db.session.get(resource.table, row_id) or abort(404)


def _selection(resource: Resource) -> Select[Any]:
    table = resource.table
    query = select(table).order_by(table.id.desc())
    words = request.args.get("q", "").strip()
    if words and resource.search:
        query = query.where(_matches(resource, words))
    return query


def _matches(resource: Resource, words: str) -> ColumnElement[bool]:
    columns = [getattr(resource.table, name) for name in resource.search]
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def _list_page(bp: Blueprint, resource: Resource) -> ResponseReturnValue:
    query = _selection(resource)
    before = request.args.get("before", type=int)
    if before is not None:
        query = query.where(resource.table.id < before)
    rows = db.session.scalars(query.limit(PAGE_SIZE + 1)).all()
    following = rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None
    return render_template(
        "_list.html", resource=resource, rows=rows[:PAGE_SIZE], following=following,
        prefix=f"{bp.name}.{resource.name}", q=request.args.get("q", ""),
    )  # fmt: skip


def _export(resource: Resource) -> Response:
    def rows() -> Iterator[list[Any]]:
        for row in db.session.scalars(_selection(resource).execution_options(yield_per=500)):
            yield [_cell(column.value(row)) for column in resource.columns]

    return csvfile.table([str(column.label) for column in resource.columns], rows, resource.name)


def _cell(value: Any) -> Any:
    return value.isoformat(" ", "seconds") if isinstance(value, datetime) else value


def _form_page(bp: Blueprint, resource: Resource, row_id: int | None = None) -> ResponseReturnValue:
    row = None if row_id is None else _found(resource, row_id)
    fields = resource.fields_for(row)
    if request.method == "POST":
        filled = parse(fields, request.form)
        if filled.is_valid and _save(resource, row, filled):
            flash(_("Enregistré."), "ok")
            return redirect(url_for(f"{bp.name}.{resource.name}"))
    else:
        filled = from_row(fields, row) if row else from_values(fields, resource.defaults)
    status = 422 if filled.faults else 200
    page = render_template(
        "_form.html", resource=resource, row=row, fields=fields, form=filled,
        prefix=f"{bp.name}.{resource.name}",
    )  # fmt: skip
    return page, status


def _save(resource: Resource, row: Any, filled: Filled) -> bool:
    verb = "create" if row is None else "update"
    try:
        target, detail = _stored(resource, row, filled.values)
    except (BadInput, IntegrityError) as fault:
        db.session.rollback()
        if isinstance(fault, IntegrityError):
            filled.faults[""] = _("Une autre ligne porte déjà cette valeur.")
        else:
            blame(filled, fault)
        return False
    audit.note(verb, f"{resource.name}:{target.id}", detail)
    db.session.commit()
    resource.after_save(target)
    return True


def _stored(resource: Resource, row: Any, values: dict[str, Any]) -> tuple[Any, str]:
    """The row with the values in it, and what that changed."""
    if row is None and resource.create is not None:
        target = resource.create(values)
        return target, audit.changes(None, values, resource.secret)
    resource.before_save(row, values)
    detail = audit.changes(row, values, resource.secret)
    target = resource.table() if row is None else row
    for name, value in values.items():
        setattr(target, name, value)
    db.session.add(target)
    db.session.flush()
    return target, detail


def _delete(bp: Blueprint, resource: Resource, row_id: int) -> ResponseReturnValue:
    row = _found(resource, row_id)
    detail = ", ".join(f"{column.name}={column.value(row)}" for column in resource.columns)
    audit.note("delete", f"{resource.name}:{row.id}", detail)
    (resource.remove or db.session.delete)(row)
    db.session.commit()
    resource.after_delete(row)
    flash(str(resource.deleted), "ok")
    return redirect(url_for(f"{bp.name}.{resource.name}"))
