"""Commands that import lists, try imports out, go on with them and take them back."""

from pathlib import Path

import click

from dialer.jobs.imports import ImportOptions, Phase
from dialer.model.call_list import DedupeScope, RowFault
from dialer.run.bootstrap import services
from dialer.store.import_batches import ImportCounts


class _Shown:
    """The course of an import on the terminal, one line that grows older."""

    def note(self, phase: Phase, n_rows: int, share: float) -> None:
        click.echo(f"\r{phase.lower():>10} {n_rows:>9,} rows {share:>6.0%} ", nl=False, err=True)


@click.group("list")
def lists() -> None:
    """Call lists."""


@lists.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--campaign", "name", required=True, help="Name of the campaign.")
@click.option("--region", default="FR", show_default=True, help="Country of numbers without +.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="COLUMN=USE",
    help="What a column is used for; repeatable. Without it the columns are guessed.",
)
@click.option(
    "--dedupe",
    type=click.Choice([scope.value for scope in DedupeScope]),
    default=DedupeScope.CAMPAIGN.value,
    show_default=True,
    help="Where a number must not be known yet.",
)
@click.option("--old-benin", is_flag=True, help="Complete numbers of 8 digits by 01.")
@click.option(
    "--needs-consent/--no-consent",
    default=None,
    help="Block rows without a consent, in them or on record. Default: where the law asks for it.",
)
@click.option("--dry-run", is_flag=True, help="Count and report, write no lead.")
def list_import(
    file: Path, name: str, region: str, columns: tuple[str, ...], dedupe: str, old_benin: bool,
    needs_consent: bool | None, dry_run: bool,
) -> None:  # fmt: skip
    """Load FILE (CSV, XLSX or ZIP) into a campaign and say what became of every row."""
    from dialer.run.list_import import import_file, try_file

    options = ImportOptions(_mapping(columns), region, old_benin, needs_consent, dedupe)
    with services("list") as found:
        if dry_run:
            list_id, forecast = try_file(found, file, name, options)
            click.echo(f"list {list_id}, dry run: {_forecast(forecast)}")
            return
        list_id, counts = import_file(found, file, name, options, _Shown())
    click.echo(f"\rlist {list_id}: {_sum(counts)}")


@lists.command("resume")
@click.argument("list_id", type=int)
def list_resume(list_id: int) -> None:
    """Import a list that waits, or go on with one that was stopped."""
    from dialer.run.list_import import resume_import

    with services("list") as found:
        counts = resume_import(found, list_id, _Shown())
    click.echo(f"\rlist {list_id}: {_sum(counts)}")


@lists.command("undo")
@click.argument("list_id", type=int)
def list_undo(list_id: int) -> None:
    """Take an import back: leads that were never dialled go, the others stay, switched off."""
    from dialer.run.list_import import undo_import

    with services("list") as found:
        n_removed = undo_import(found, list_id)
    click.echo(f"list {list_id}: {n_removed} leads removed")


def _mapping(columns: tuple[str, ...]) -> dict[str, str]:
    pairs = [column.rpartition("=") for column in columns]
    if any(not sign for _column, sign, _use in pairs):
        raise click.BadParameter("write COLUMN=USE, such as Mobile=number", param_hint="--column")
    return {column: use for column, _sign, use in pairs}


def _sum(counts: ImportCounts) -> str:
    return (
        f"read {counts.n_read} = inserted {counts.n_inserted} + updated {counts.n_updated}"
        f" + duplicate {counts.n_duplicate} + blocked {counts.n_blocked}"
        f" + rejected {counts.n_rejected}"
    )


def _forecast(forecast: dict[str, int]) -> str:
    counts = ImportCounts(**{name: n for name, n in forecast.items() if name.startswith("n_")})
    faults = [f"{fault} {forecast[fault]}" for fault in RowFault if fault in forecast]
    return _sum(counts) + (f"; {', '.join(faults)}" if faults else "")
