"""Lists from the command line: the same imports as from the browser, done at once."""

import shutil
from pathlib import Path

from dialer.jobs.imports import (
    Course,
    ImportOptions,
    check_list,
    choose,
    import_list,
    law_asks_consent,
    shape_of,
    undo_list,
)
from dialer.model.import_faults import fault
from dialer.run.bootstrap import Services
from dialer.run.clocks import SystemClock
from dialer.store.campaigns import campaign_named
from dialer.store.import_batches import ImportCounts
from dialer.store.session import transaction
from dialer.store.tables import LeadList


def import_file(
    found: Services, path: Path, campaign: str, options: ImportOptions, course: Course | None = None
) -> tuple[int, ImportCounts]:
    """Make a list of the file in the campaign of that name; its identity, and what was counted.

    Raises BadInput.
    """
    list_id = _add_list(found, path, campaign, options)
    return list_id, import_list(found.sessions(), list_id, _upload(found, list_id), course)


def try_file(
    found: Services, path: Path, campaign: str, options: ImportOptions
) -> tuple[int, dict[str, int]]:
    """The same without leads: the list waits, checked. Raises BadInput."""
    list_id = _add_list(found, path, campaign, options)
    return list_id, check_list(found.sessions(), list_id, _upload(found, list_id))


def resume_import(found: Services, list_id: int, course: Course | None = None) -> ImportCounts:
    """Import what waits, or go on with what was stopped. Raises BadInput."""
    path = _upload(found, list_id)
    if not path.exists():
        raise fault("FILE_MISSING")
    return import_list(found.sessions(), list_id, path, course)


def undo_import(found: Services, list_id: int) -> int:
    """Take an import back; how many leads went. Raises BadInput."""
    return undo_list(found.sessions(), list_id)


def _add_list(found: Services, path: Path, campaign: str, options: ImportOptions) -> int:
    shape = shape_of(path)
    with transaction(found.sessions()) as session:
        campaign_id = campaign_named(session, campaign)
        row = LeadList(
            campaign_id=campaign_id,
            name=path.stem,
            file_name=path.name,
            file_size=path.stat().st_size,
            file_sha256=shape.sha256,
            encoding=shape.encoding,
        )
        law_asks = law_asks_consent(session, campaign_id, SystemClock().now().utc)
        choose(row, shape, options, law_asks=law_asks)
        session.add(row)
        session.flush()
        kept = _upload(found, row.id)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, kept)
        return row.id


def _upload(found: Services, list_id: int) -> Path:
    return found.settings.var_dir / "uploads" / str(list_id)
