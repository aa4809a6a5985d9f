"""The addresses of the API: one route for each endpoint, the document, and a page that reads it."""

from collections.abc import Callable
from functools import cache
from typing import Any

import orjson
from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from web.api import attempts, campaigns, do_not_call, imports, leads, lists, openapi, problems
from web.api.endpoints import Endpoint
from web.api.parameters import rule_of
from web.api.serving import serve
from web.extensions import csrf
from web.permissions import for_everyone, for_keys

ENDPOINTS: tuple[Endpoint, ...] = (
    *lists.ENDPOINTS,
    *imports.ENDPOINTS,
    *leads.ENDPOINTS,
    *campaigns.ENDPOINTS,
    *attempts.ENDPOINTS,
    *do_not_call.ENDPOINTS,
)

bp = Blueprint("api", __name__, url_prefix=openapi.BASE)
csrf.exempt(bp)


def _view(endpoint: Endpoint) -> Callable[..., Response]:
    def view(**path: Any) -> Response:
        return serve(endpoint, path)

    return for_keys(view)


for _endpoint in ENDPOINTS:
    bp.add_url_rule(
        rule_of(_endpoint.path), _endpoint.name, _view(_endpoint), methods=[_endpoint.method]
    )


@bp.get("/openapi.json")
@for_everyone
def openapi_document() -> Response:
    return Response(_document(), mimetype="application/json")


@bp.get("/docs")
@for_everyone
def docs() -> ResponseReturnValue:
    """The document as a page; it shows nothing but the product's own interface."""
    return render_template(
        "api/docs.html", document=openapi.document(ENDPOINTS), problems=problems.TITLES
    )


@cache
def _document() -> bytes:
    return orjson.dumps(openapi.document(ENDPOINTS))
