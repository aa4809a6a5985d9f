"""Contacts: identities, notes, fields of one’s own, and the lines of a history."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from web.labels.words import Label

LINE_KINDS: dict[str, Label] = {
    "CALL": Label(_l("Appel"), "talking", "phone"),
    "MESSAGE": Label(_l("Message"), "messaging", "mail"),
    "INCOMING": Label(_l("A écrit"), "wrap", "mail"),
    "ARRIVAL": Label(_l("A appelé"), "wrap", "phone"),
    "WITHDRAWAL": Label(_l("Ne veut plus d’appels"), "fault", "stop"),
    "NOTE": Label(_l("Note"), "neutral", "pencil"),
}
INCOMING_KINDS: dict[str, Label] = {
    "OPT_OUT": Label(_l("Ne veut plus d’appels"), "fault", "stop"),
}
NOTE_KINDS: dict[str, LazyString] = {
    "NOTE": _l("Note"),
    "VISIT": _l("Visite"),
    "LETTER": _l("Courrier"),
    "CALL": _l("Appel hors plate-forme"),
}
IDENTITY_KINDS: dict[str, LazyString] = {
    "PHONE": _l("Téléphone"),
    "WHATSAPP": _l("WhatsApp"),
    "MESSENGER": _l("Messenger"),
    "EMAIL": _l("E-mail"),
    "EXTERNAL_ID": _l("Identifiant externe"),
}
LIKENESSES: dict[str, LazyString] = {
    "EMAIL": _l("même e-mail"),
    "WHATSAPP": _l("même WhatsApp"),
    "EXTERNAL_ID": _l("même identifiant externe"),
    "NAME": _l("même nom"),
}
FIELD_KINDS: dict[str, LazyString] = {
    "TEXT": _l("Texte"),
    "NUMBER": _l("Nombre"),
    "DATE": _l("Date"),
    "CHOICE": _l("Choix"),
    "SWITCH": _l("Oui ou non"),
}
