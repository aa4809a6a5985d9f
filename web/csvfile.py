"""CSV answers, streamed: the rows are asked for once the answer is under way."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from flask import Response, stream_with_context

from dialer.reports.export import csv_chunks


def download(chunks: Callable[[], Iterator[str]], name: str) -> Response:
    """A download named `name`.csv.

    `chunks` is called when the stream starts: a cursor opened by the view would be closed with
    the view's database session.
    """

    def body() -> Iterator[str]:
        yield from chunks()

    return Response(
        stream_with_context(body()),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def table(
    header: Sequence[str], rows: Callable[[], Iterable[Sequence[object]]], name: str
) -> Response:
    """A download of rows; cells that a spreadsheet would run are made harmless."""
    return download(lambda: csv_chunks(header, rows()), name)
