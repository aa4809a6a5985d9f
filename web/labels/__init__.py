"""Words, icons and tones of the product's vocabularies; the only place that names them.

One module for each subject: pages and views say `labels.calls.OUTCOMES`.
"""

from web.labels import (
    api,
    calls,
    campaigns,
    contacts,
    desk,
    journal,
    lists,
    machines,
    people,
    rules,
    supervision,
)
from web.labels.words import Label, plain, texts

__all__ = [
    "Label",
    "api",
    "calls",
    "campaigns",
    "contacts",
    "desk",
    "journal",
    "lists",
    "machines",
    "people",
    "plain",
    "rules",
    "supervision",
    "texts",
]
