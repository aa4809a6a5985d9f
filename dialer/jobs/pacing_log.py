"""Minutes of the pacing log whose term has passed are deleted."""

from dialer.jobs.context import JobContext
from dialer.store.pacing_log import delete_minutes
from dialer.store.session import transaction

BATCH = 5000
MONTH_S = 365.25 / 12 * 86_400


def delete_old_pacing_minutes(here: JobContext) -> int:
    """Delete what is older than the months that are kept; how many minutes."""
    before = here.now() - here.pacing_log_months * MONTH_S
    total, gone = 0, BATCH
    while gone == BATCH:
        with transaction(here.session_factory) as session:
            gone = delete_minutes(session, before, BATCH)
        total += gone
    return total
