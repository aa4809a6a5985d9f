"""Which disposition an agent chooses for a live person: the seeded codes with their weights."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dialer.model.disposition import Disposition

_WEIGHTS: dict[str, float] = {
    "RDV": 8, "OK": 10, "RAPPEL": 4, "PAS_INT": 42, "REFUS": 16, "HORS_CIBLE": 8, "DEJA": 5,
    "BARRAGE": 3, "FAUX": 2, "STOP": 2,
}  # fmt: skip
"""How often each code is chosen for a live person; codes not named never are."""


@dataclass(slots=True)
class Weighted:
    """Dispositions with the running sum of their weights."""

    dispositions: list[Disposition] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, dispositions: Sequence[Disposition]) -> "Weighted":
        """Those of `dispositions` that have a weight."""
        table, total = cls(), 0.0
        for disposition in dispositions:
            weight = _WEIGHTS.get(disposition.code, 0.0)
            if weight:
                total += weight
                table.dispositions.append(disposition)
                table.bounds.append(total)
        return table

    def choose(self, u: float) -> Disposition:
        """The disposition at `u` (0 to 1) of the total weight."""
        for disposition, bound in zip(self.dispositions, self.bounds, strict=True):
            if u * self.bounds[-1] <= bound:
                return disposition
        return self.dispositions[-1]
