"""How a list's file is to be read: what a person or a program chooses before an import."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from dialer.jobs.imports.columns import check_mapping
from dialer.jobs.imports.rows import RowRules
from dialer.jobs.imports.shape import FileShape
from dialer.model.call_list import DedupeScope
from dialer.model.import_faults import fault
from dialer.policy.compliance import needs_consent
from dialer.store.call_lists import remembered, signature_of
from dialer.store.campaigns import get_campaign
from dialer.store.numbers import check_region
from dialer.store.tables import LeadList


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """`mapping` empty: the columns are guessed. `needs_consent` None: where the law asks for it."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    region: str = "FR"
    has_old_benin_numbers: bool = False
    needs_consent: bool | None = None
    dedupe: str = DedupeScope.CAMPAIGN


def law_asks_consent(session: Session, campaign_id: int, now: float) -> bool:
    """Whether the campaign may call nobody without a consent at `now`."""
    return needs_consent(get_campaign(session, campaign_id), now)


def choose(row: LeadList, shape: FileShape, options: ImportOptions, *, law_asks: bool) -> None:
    """Write checked options into the list, to be remembered. Raises BadInput.

    `law_asks`: what holds where the options leave it open.
    """
    if options.dedupe not in list(DedupeScope):
        raise fault("BAD_SCOPE", scope=options.dedupe, scopes=", ".join(DedupeScope))
    row.mapping = check_mapping(options.mapping, shape.header, shape.sample)
    row.region = check_region(options.region)
    row.has_old_benin_numbers = options.region == "BJ" and options.has_old_benin_numbers
    row.needs_consent = law_asks if options.needs_consent is None else options.needs_consent
    row.dedupe = options.dedupe
    row.header_signature = signature_of(shape.header)


def suggested(session: Session, row: LeadList, shape: FileShape) -> ImportOptions | None:
    """What was chosen for this list, or for the last one with the same columns; else None."""
    if row.mapping and set(row.mapping) <= set(shape.header):
        return ImportOptions(
            row.mapping, row.region, row.has_old_benin_numbers, row.needs_consent, row.dedupe
        )
    before = remembered(session, shape.header, row.campaign_id)
    if before is None:
        return None
    return ImportOptions(
        before.mapping, before.region, before.has_old_benin_numbers, before.needs_consent,
        before.dedupe,
    )  # fmt: skip


def rules_of(row: LeadList, shape: FileShape) -> RowRules:
    """How the rows of the list's file are read. Raises BadInput when they cannot be."""
    return RowRules(
        header=shape.header,
        mapping=check_mapping(row.mapping, shape.header, shape.sample),
        region=check_region(row.region),
        has_old_benin=row.has_old_benin_numbers,
    )
