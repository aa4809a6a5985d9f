"""Error pages: a short sentence and a way out; nothing about the inside. To programs, a problem."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from dialer.model.errors import BadInput
from dialer.store.recording_files import NoRecordingFile
from web import labels
from web.api import problems
from web.api.openapi import BASE as API
from web.faults import in_words


def install(app: Flask) -> None:
    """Register the pages."""
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(CSRFError, _on_csrf)
    app.register_error_handler(BadInput, _on_bad_input)
    app.register_error_handler(NoRecordingFile, _on_no_recording)


def _on_http(error: HTTPException) -> ResponseReturnValue:
    if request.path.startswith(API):
        return problems.response(problems.of_http(error))
    code = error.code or 500
    return _page(code, _sentence(code))


def _on_csrf(_error: CSRFError) -> ResponseReturnValue:
    return _page(400, _("Cette page a expiré. Rechargez-la, puis recommencez."))


def _on_bad_input(error: BadInput) -> ResponseReturnValue:
    return _page(422, in_words(error))


def _on_no_recording(absent: NoRecordingFile) -> ResponseReturnValue:
    return _page(404, str(labels.calls.FILE_STATES[absent.state]))


def _page(code: int, sentence: str) -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json" or request.is_json:
        return {"error": sentence}, code
    return render_template("error.html", code=code, sentence=sentence), code


def _sentence(code: int) -> str:
    sentences = {
        401: _("Votre session est terminée. Connectez-vous de nouveau."),
        403: _("Votre rôle ne donne pas accès à cette page."),
        404: _("Cette page n’existe pas, ou n’existe plus."),
        405: _("Cette adresse ne s’ouvre pas de cette façon."),
        413: _("Le fichier est trop gros (500 Mo au plus)."),
        429: _("Trop d’essais. Attendez une minute avant de recommencer."),
    }
    if code >= 500:
        return str(
            _("Une erreur est survenue. Elle est enregistrée ; recommencez dans un instant.")
        )
    return str(sentences.get(code) or _("La demande n’a pas pu être comprise."))
