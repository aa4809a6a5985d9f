"""A call list of people who do not exist, in the format that `relance list import` reads.

The numbers are from the ranges that the French regulator (ARCEP, décision 2018-0881) keeps for
works of fiction: nobody can ever be behind them.
"""

import csv
import random
from pathlib import Path

FICTION = ("01990000", "02619100", "03530100", "04657100", "05364900")
"""First number of each range; the last four digits are free."""
FIRST = (
    "Awa", "Fatou", "Mariam", "Aïcha", "Binta", "Khadija", "Nadia", "Leïla", "Inès", "Camille",
    "Sarah", "Chloé", "Julie", "Moussa", "Ibrahim", "Yao", "Koffi", "Mamadou", "Karim", "Mehdi",
    "Youssef", "Antoine", "Lucas", "Hugo", "Paul", "Étienne",
)  # fmt: skip
LAST = (
    "Diallo", "Traoré", "Koné", "Hounkpatin", "Adjovi", "Ben Salah", "Haddad", "Benali",
    "Martin", "Bernard", "Dubois", "Moreau", "Laurent", "Girard", "Lefèvre", "Mercier", "Dossou",
    "Zinsou", "Agossou", "Cissé", "Keïta", "Sow", "Ba",
)  # fmt: skip
TOWNS = (("Lyon", "69003"), ("Marseille", "13006"), ("Lille", "59000"), ("Nantes", "44000"))
OFFERS = ("Mutuelle", "Énergie", "Fibre", "Assurance auto")


def write_leads(path: Path, n_leads: int, seed: int = 1) -> None:
    """Write `n_leads` rows with a header: Téléphone, Nom, Ville, Code postal, Offre."""
    source = random.Random(f"{seed}:leads")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Téléphone", "Nom", "Ville", "Code postal", "Offre"])
        for index in range(n_leads):
            town, code = source.choice(TOWNS)
            name = f"{source.choice(FIRST)} {source.choice(LAST)}"
            writer.writerow([_number(index), name, town, code, source.choice(OFFERS)])


def _number(index: int) -> str:
    base = FICTION[index % len(FICTION)]
    return f"{int(base) * 100 + index // len(FICTION):010d}"
