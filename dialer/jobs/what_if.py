"""The job behind "what if the target had been another": a recorded hour, played under both.

Each target meets the same people, several times over with other ones, so that the difference
between two targets can be told from chance.
"""

from dataclasses import asdict

from rq.timeouts import JobTimeoutException

from dialer.jobs.calibration import Calibrated, calibrated
from dialer.jobs.context import context
from dialer.jobs.queues import WHAT_IF_LIMIT_S
from dialer.model.errors import BadInput
from dialer.model.ids import CampaignId
from dialer.policy.abandon import Ledger
from dialer.sim.what_if import play
from dialer.store.session import transaction
from dialer.store.what_ifs import answer, fail, waiting_question

SEEDS = (1, 2, 3)


def run(question_id: int) -> None:
    """The job. What cannot be played says why in the question's row."""
    here = context()
    with transaction(here.session_factory) as session:
        question = waiting_question(session, question_id)
        if question is None:
            return
        since, target = question.since.timestamp(), question.target
        try:
            found = calibrated(session, CampaignId(question.campaign_id), since, here.now())
        except BadInput as error:
            fail(session, question_id, str(error))
            return
    try:
        played = _played(found, target)
    except JobTimeoutException:
        with transaction(here.session_factory) as session:
            fail(session, question_id, f"what-if: it took longer than {WHAT_IF_LIMIT_S} s")
        return
    with transaction(here.session_factory) as session:
        answer(session, question_id, played)


def _played(found: Calibrated, target: float) -> dict[str, object]:
    hour = found.hour
    return {
        "n_minutes": len(hour.n_agents),
        "mean_agents": sum(hour.n_agents) / len(hour.n_agents),
        "target": found.target,
        "scarce_share": found.scarce_share,
        "bank": _bank(found, found.target),
        "bank_asked": _bank(found, target),
        "measured": asdict(found.measured),
        "actual": [asdict(play(hour, found.target, seed)) for seed in SEEDS],
        "asked": [asdict(play(hour, target, seed)) for seed in SEEDS],
    }


def _bank(found: Calibrated, target: float) -> float:
    """Abandoned calls that might still happen when the hour began."""
    ledger = Ledger(target)
    ledger.recall(found.hour.n_served_before, found.hour.n_abandoned_before)
    return ledger.bank
