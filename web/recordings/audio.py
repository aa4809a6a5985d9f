"""The sound of a recording as an answer, whole or the piece that a player asks for."""

import os
from typing import BinaryIO

from flask import Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import wrap_file

CHUNK_BYTES = 64 * 1024


def answer(file: BinaryIO, download_name: str = "") -> Response:
    """The file, or the range of it that was asked for (206); 416 for one that is none."""
    size = os.fstat(file.fileno()).st_size
    body = wrap_file(request.environ, file, CHUNK_BYTES)
    made = Response(body, mimetype="audio/wav", direct_passthrough=True)
    made.content_length = size
    if download_name:
        made.headers["Content-Disposition"] = f'attachment; filename="{download_name}"'
    try:
        made.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    except HTTPException:
        file.close()
        raise
    return made
