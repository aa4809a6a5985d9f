"""Versions of what is shown: an ETag is the digest of the representation, so it needs no column."""

from hashlib import sha256

from flask import request
from pydantic import BaseModel

from web.api.problems import Problem


def tag_of(shown: BaseModel) -> str:
    """The strong entity tag of a representation, without its quotes."""
    return sha256(shown.model_dump_json().encode()).hexdigest()[:32]


def check_unchanged(shown: BaseModel) -> None:
    """Whoever changes something may name the version he saw (If-Match). Raises Problem.

    `shown` must be read with its row locked: nobody changes it between this look and the change.
    """
    wanted = request.if_match
    if wanted and not wanted.contains(tag_of(shown)):
        raise Problem("changed", "ask for it again, and decide anew")
