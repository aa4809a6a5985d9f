"""A list from the command line: the same import as from the browser, done at once."""

import shutil
from pathlib import Path

from dialer.jobs.imports import import_list, preview
from dialer.run.bootstrap import Services
from dialer.store.campaigns import campaign_named
from dialer.store.lead_import import ImportCounts
from dialer.store.session import transaction
from dialer.store.tables import LeadList


def import_file(found: Services, path: Path, campaign: str, region: str) -> ImportCounts:
    """Make a list of the file in the campaign of that name. Raises BadInput."""
    shape = preview(path)
    sessions = found.sessions()
    with transaction(sessions) as session:
        batch = LeadList(
            campaign_id=campaign_named(session, campaign),
            name=path.stem,
            region=region,
            mapping=shape.mapping,
            file_name=path.name,
            file_sha256=shape.sha256,
            encoding=shape.encoding,
        )
        session.add(batch)
        session.flush()
        list_id = batch.id
    kept = found.settings.var_dir / "uploads" / str(list_id)
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, kept)
    return import_list(sessions, list_id, kept, lambda n_rows: None)
