"""Lists from files: what a file looks like, importing it, trying that out, and taking it back."""

from dialer.jobs.imports.course import Course, Phase, Progress, RedisCourse, progress_of
from dialer.jobs.imports.job import check_list, import_list, run, run_check, run_undo
from dialer.jobs.imports.options import ImportOptions, choose, law_asks_consent, suggested
from dialer.jobs.imports.shape import FileShape, shape_of
from dialer.jobs.imports.undo import undo_list

__all__ = [
    "Course",
    "FileShape",
    "ImportOptions",
    "Phase",
    "Progress",
    "RedisCourse",
    "check_list",
    "choose",
    "import_list",
    "law_asks_consent",
    "progress_of",
    "run",
    "run_check",
    "run_undo",
    "shape_of",
    "suggested",
    "undo_list",
]
