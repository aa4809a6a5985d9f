"""Answers of the API whose day is over."""

from dialer.jobs.context import JobContext
from dialer.store import api_answers
from dialer.store.session import transaction


def forget_old_api_answers(here: JobContext) -> int:
    """Delete them; how many there were."""
    with transaction(here.session_factory) as session:
        return api_answers.forget_old(session, here.now())
