"""What may be wrong with a list's file or its import as a whole: one code and one sentence each.

The sentence is for the command line and other programs; the screens say it in their own words, by
the code. A row that becomes no lead is no fault of the file: see `RowFault`.
"""

from collections.abc import Mapping

from dialer.model.errors import BadInput

SENTENCES: Mapping[str, str] = {
    "FILE_EMPTY": "file: it is empty",
    "FILE_MISSING": "file: it is not there any more; send it again",
    "FILE_CHANGED": "file: it is another one than before; undo the list, or import a new one",
    "FILE_TOO_LARGE": "file: {size:,} bytes; at most {most:,} are taken",
    "FILE_NOT_TEXT": "file: it is neither text nor a workbook; save it as CSV in UTF-8 or as XLSX",
    "FILE_NO_HEADER": "file: it holds no row with names of columns",
    "FILE_RECORD_TOO_LONG":
        "file: after row {row}: a row is longer than {most:,} characters; a quote never closed?",
    "FILE_TOO_MANY_COLUMNS": "file: {n} columns; at most {most} are taken",
    "WORKBOOK_BROKEN": "file: not a readable workbook: {why}",
    "WORKBOOK_TOO_COSTLY":
        "file: reading it takes more than {megabytes} MB or {seconds} s; save it as CSV",
    "CELL_TOO_LONG": "file: a cell has more than {most:,} characters",
    "TOO_MANY_TEXTS": "file: more than {most:,} different texts; save it as CSV",
    "UNPACKED_TOO_LARGE": "file: it unpacks to more than {most:,} bytes; save it as CSV",
    "ARCHIVE_BROKEN": "file: not a readable ZIP: {why}",
    "ARCHIVE_CONTENT": "file: the ZIP must hold one CSV or XLSX file; it holds {n}",
    "NO_NUMBER_COLUMN": "file: no column looks like a telephone number; it has: {columns}",
    "NO_SUCH_COLUMN": "file: it has no column {column!r}; it has: {columns}",
    "COLUMN_TWICE": "mapping: two columns cannot both be {role}",
    "NO_SUCH_ROLE": "mapping: {role!r} is no use of a column; there are {roles}",
    "BAD_REGION": "region: {region!r} is no country code such as FR or BJ",
    "BAD_SCOPE": "dedupe: {scope!r} is none of {scopes}",
    "LIST_UNKNOWN": "list {list}: there is none",
    "LIST_BUSY": "list {list}: something is being done with it already",
    "LIST_STATE": "list {list}: this is not possible while it is {state}",
    "IMPORT_BROKEN": "import: {why}",
    "SAME_FILE": "warning: the same file is in {lists}",
}  # fmt: skip


def fault(code: str, **fields: object) -> BadInput:
    """The error of that code, with its sentence."""
    return BadInput(sentence(code, fields), code, **fields)


def sentence(code: str, fields: Mapping[str, object]) -> str:
    """The English sentence of a stored fault; a code of another release stays a code."""
    said = SENTENCES.get(code)
    return code if said is None else said.format(**fields)
