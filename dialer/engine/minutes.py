"""The audit log of pacing: each decision is noted, and each minute of them written in one piece.

Two decisions a second and more would be too many rows; a minute's are few, and nothing waits for
them. A minute begins with its first decision; a campaign that decides nothing writes nothing.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dialer.model.commands import NotePacing
from dialer.model.minute import Decided, MinuteCounts
from dialer.model.moment import Moment
from dialer.model.snapshot import PacingView

if TYPE_CHECKING:
    from dialer.engine.floor import Floor

MINUTE_S = 60.0
SHORTEST_S = 0.05
"""A decision on the very stroke belongs to the minute that begins."""


@dataclass(slots=True)
class MinuteBook:
    """The minute that is being filled; `begins` None: none is."""

    begins: Moment | None = None
    ends: float = float("inf")
    """Monotonic second."""
    before: MinuteCounts = field(default_factory=MinuteCounts)
    decided: list[Decided] = field(default_factory=list)


def note_decision(floor: "Floor", view: PacingView, now: Moment) -> None:
    """Keep a decision with the others of its minute."""
    book, campaign = floor.minute, floor.campaign
    if book.begins is None:
        book.begins, book.before = now, counts_of(floor)
        left_s = MINUTE_S - now.utc % MINUTE_S
        book.ends = now.mono + left_s + (MINUTE_S if left_s < SHORTEST_S else 0.0)
        floor.deadlines.ask(book.ends, "minute")
    at_s = round(now.mono - book.begins.mono, 3)
    book.decided.append(Decided(at_s, campaign.mode, campaign.abandon_target, view))


def minute_over(floor: "Floor", now: Moment) -> None:
    """The minute's end has come; one that began meanwhile has an end of its own."""
    if now.mono >= floor.minute.ends:
        end_minute(floor)


def end_minute(floor: "Floor") -> None:
    """Have what was noted so far written, be the minute whole or not."""
    book, ledger = floor.minute, floor.ledger
    if book.begins is None:
        return
    floor.out.append(
        NotePacing(
            campaign_id=floor.campaign.campaign_id,
            begins_at=book.begins.utc,
            decided=tuple(book.decided),
            counts=counts_of(floor).since(book.before),
            abandon_rate=ledger.rate,
            settings=settings_of(floor),
        )
    )
    floor.minute = MinuteBook()


def counts_of(floor: "Floor") -> MinuteCounts:
    """What the campaign has counted since it was opened."""
    tally, ledger, learned = floor.tally, floor.ledger, floor.pacing.learned
    return MinuteCounts(
        n_attempts=tally.n_attempts,
        n_answered=tally.n_answered,
        n_bridged=tally.n_bridged,
        n_live=round(ledger.n_live),
        n_abandoned=round(ledger.n_abandoned),
        n_talks=learned.talks.n_ended,
        talk_s=learned.talks.ended_s,
        n_wrap_ups=learned.wraps.n_ended,
        wrap_up_s=learned.wraps.ended_s,
        ring_s=learned.rang_s,
        outcomes={str(outcome): n for outcome, n in tally.outcomes.items()},
    )


def settings_of(floor: "Floor") -> dict[str, float]:
    """Limits of the campaign that bear on its decisions."""
    campaign = floor.campaign
    return {
        "ratio": campaign.ratio,
        "ring_timeout_s": campaign.ring_timeout_s,
        "answer_limit_s": campaign.answer_limit_s,
        "wrap_up_limit_s": campaign.wrap_up_limit_s,
        "max_lines": campaign.max_lines,
        "max_lines_per_agent": campaign.max_lines_per_agent,
        "max_calls_per_s": campaign.max_calls_per_s,
    }
