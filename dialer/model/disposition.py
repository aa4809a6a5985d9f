"""What the agent says became of a conversation: a closed set per campaign, made of flags.

Reports, retries and surveys read the flags, never the codes, so an admin may add codes freely.
The seeded tree is the one of French outbound centres: SI OK, SI RDV, SI NON and Rappel.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Disposition:
    """`code`: short and stable. `parent`: code of the group it is shown under, or empty."""

    code: str
    label_fr: str
    label_en: str
    parent: str = ""
    is_contact: bool = True
    """The person meant was reached."""
    is_success: bool = False
    is_machine: bool = False
    is_wrong_number: bool = False
    is_do_not_call: bool = False
    is_refusal: bool = False
    needs_callback: bool = False
    needs_note: bool = False
    retry_after_s: float | None = None
    """Dial again after this long; None closes the lead."""


SEED_DISPOSITIONS: tuple[Disposition, ...] = (
    Disposition("RDV", "Rendez-vous pris", "Appointment made", "SI OK", is_success=True),
    Disposition("OK", "Intéressé", "Interested", "SI OK", is_success=True),
    Disposition(
        "RAPPEL", "Rappel à date fixe", "Call back", "RAPPEL", needs_callback=True, needs_note=True
    ),
    Disposition("PAS_INT", "Pas intéressé", "Not interested", "SI NON", is_refusal=True),
    Disposition("REFUS", "Refus de dialogue", "Refused to talk", "SI NON", is_refusal=True),
    Disposition("HORS_CIBLE", "Hors cible", "Not in target", "SI NON"),
    Disposition("DEJA", "Déjà prospecté", "Already canvassed", "SI NON"),
    Disposition(
        "BARRAGE", "Barrage secrétaire", "Gatekeeper", "SI NON", is_contact=False,
        retry_after_s=86_400.0,
    ),
    Disposition(
        "MACHINE", "Répondeur", "Answering machine", "AUTRE", is_contact=False, is_machine=True,
        retry_after_s=14_400.0,
    ),
    Disposition(
        "FAUX", "Faux numéro", "Wrong number", "AUTRE", is_contact=False, is_wrong_number=True
    ),
    Disposition(
        "STOP", "Ne plus appeler", "Do not call again", "AUTRE", is_refusal=True,
        is_do_not_call=True,
    ),
)  # fmt: skip
