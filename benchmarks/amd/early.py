"""Sound before the answer: what is made of ringing, busy tones, intercepts and announcements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.amd.corpus.timeline import Truth
from dialer.model.amd import Heard
from dialer.policy.early_media import EarlyKind, EarlyListener, outcome_of

TRUE_KINDS = {
    "early ringing": frozenset({EarlyKind.RINGBACK}),
    "early busy": frozenset({EarlyKind.BUSY, EarlyKind.CONGESTION}),
    "early intercept": frozenset({EarlyKind.INTERCEPT}),
    "early announcement": frozenset({EarlyKind.ANNOUNCEMENT}),
}


@dataclass(frozen=True, slots=True)
class EarlyCount:
    """Calls of one kind. `n_told`: it was told; `n_ended_wrongly`: something else was told that
    ends the attempt."""

    stratum: str
    n: int
    n_told: int
    n_ended_wrongly: int


def count(truths: Sequence[Truth], heard: Sequence[Heard]) -> Iterator[EarlyCount]:
    """How the calls of each kind were heard."""
    for stratum, kinds in TRUE_KINDS.items():
        some = [
            EarlyListener().hear(one)
            for truth, one in zip(truths, heard, strict=True)
            if truth.stratum == stratum
        ]
        told = sum(any(f.kind in kinds for f in found) for found in some)
        wrong = sum(
            any(f.kind not in kinds and outcome_of(f) is not None for f in found) for found in some
        )
        yield EarlyCount(stratum, len(some), told, wrong)
