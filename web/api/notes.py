"""One audit entry for each change that a program makes, in the transaction of the change."""

from dialer.store.audit import write_audit
from dialer.store.tables import ApiKey
from web.extensions import db


def note(key: ApiKey, verb: str, subject: str, detail: str = "") -> None:
    """Say that whoever holds the key did `verb` to `subject`, e.g. ("start", "campaign:3")."""
    write_audit(db.session(), None, verb, subject, detail, api_key_id=key.id)
