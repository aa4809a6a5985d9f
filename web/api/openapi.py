"""The OpenAPI 3.1 document, made of the same endpoints and schemas that serve the requests."""

from collections.abc import Sequence
from http import HTTPStatus
from inspect import cleandoc
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from dialer import __version__
from web.api import problems
from web.api.endpoints import Endpoint
from web.api.parameters import PATH
from web.api.repeats import HEADER as REPEAT_HEADER
from web.api.repeats import REPLAYED
from web.api.schemas.base import PageAsked
from web.api.schemas.problem import ProblemShown

BASE = "/api/v1"
REF = "#/components/schemas/{model}"
PART = "Part"
INTRODUCTION = """\
Lists, leads, campaigns, do-not-call numbers and attempts for other programs. A request carries an
API key (`Authorization: Bearer ...`), which an administrator makes on the page for API keys. Bodies
are JSON in UTF-8; instants are ISO 8601 with their zone; telephone numbers are E.164. Errors are
problem+json (RFC 9457): decide by `code`. A POST with an `Idempotency-Key` may be sent again for a
day. Pages are asked for with `cursor`, which the page before gave, and with `fields` only some
fields of their items. Problems come in French where that is asked for (`Accept-Language: fr`)."""
OF_ALL = (400, 401, 403, 422, 429, 500, 503)
"""Statuses that any request may meet."""
OF_WRITES = (409, 413, 415)


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The whole document, ready for JSON."""
    schemas, refs = _schemas(endpoints)
    for endpoint in endpoints:
        if _is_page(endpoint):
            _add_part(schemas, endpoint.answer, refs)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, refs)
    return {
        "openapi": "3.1.0",
        "info": {"title": "relance", "version": __version__, "description": INTRODUCTION},
        "servers": [{"url": BASE}],
        "security": [{"key": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(map(_tag, endpoints))],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(endpoints: Sequence[Endpoint]) -> tuple[dict[str, Any], dict[Any, Any]]:
    wanted: list[tuple[type[BaseModel], Any]] = [(ProblemShown, "serialization")]
    for endpoint in endpoints:
        wanted += [(model, "validation") for model in (endpoint.body,) if model is not None]
        wanted += [(model, "serialization") for model in (endpoint.answer,) if model is not None]
    refs, held = models_json_schema(list(dict.fromkeys(wanted)), ref_template=REF)
    return held.get("$defs", {}), refs


def _is_page(endpoint: Endpoint) -> bool:
    """Whether it answers pages, of which the fields may be chosen."""
    return endpoint.query is not None and issubclass(endpoint.query, PageAsked)


def _add_part(schemas: dict[str, Any], page: type[BaseModel] | None, refs: dict[Any, Any]) -> None:
    """A page whose items have only some of their fields, beside the whole one."""
    assert page is not None
    whole = schemas[refs[(page, "serialization")]["$ref"].rpartition("/")[2]]
    item = whole["properties"]["data"]["items"]["$ref"].rpartition("/")[2]
    part = {name: told for name, told in schemas[item].items() if name != "required"}
    schemas[f"{item}{PART}"] = part | {
        "title": f"{item}{PART}", "additionalProperties": False,
    }  # fmt: skip
    data = {"type": "array", "items": {"$ref": REF.format(model=f"{item}{PART}")}}
    properties = whole["properties"] | {"data": data}
    name = f"{page.__name__}{PART}"
    schemas[name] = whole | {"title": name, "properties": properties}


def _answered(endpoint: Endpoint, refs: dict[Any, Any]) -> dict[str, Any]:
    assert endpoint.answer is not None
    whole: dict[str, Any] = refs[(endpoint.answer, "serialization")]
    if not _is_page(endpoint):
        return whole
    return {"anyOf": [whole, {"$ref": REF.format(model=f"{endpoint.answer.__name__}{PART}")}]}


def _operation(endpoint: Endpoint, refs: dict[Any, Any]) -> dict[str, Any]:
    summary, _, description = cleandoc(endpoint.act.__doc__ or "").partition("\n")
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": summary.rstrip("."),
        "description": f"{description.strip()}\n\nScope: `{endpoint.scope}`".strip(),
        "tags": [_tag(endpoint)],
        "parameters": _parameters(endpoint),
        "responses": _responses(endpoint, refs),
    }
    if endpoint.body is not None:
        schema = refs[(endpoint.body, "validation")]
        operation["requestBody"] = _content("application/json", schema) | {"required": True}
    elif endpoint.takes:
        binary = {"type": "string", "format": "binary"}
        operation["requestBody"] = _content(endpoint.takes, binary) | {"required": True}
    return operation


def _tag(endpoint: Endpoint) -> str:
    return endpoint.path.split("/")[1]


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": kind.schema,
         "description": kind.description}
        for name, kind in PATH.items()
        if f"{{{name}}}" in endpoint.path
    ]  # fmt: skip
    if endpoint.query is not None:
        found += _of_query(endpoint.query)
    if endpoint.method == "POST":
        found.append(_header(REPEAT_HEADER, "the same request, sent again, is carried out once"))
    if endpoint.method == "PATCH":
        found.append(_header("If-Match", "the ETag of what you saw: refused when it changed since"))
    return found


def _of_query(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema(mode="validation")
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": kind.pop("description", ""),
            "schema": _inlined(kind, schema.get("$defs", {})),
        }
        for name, kind in schema["properties"].items()
    ]


def _inlined(kind: dict[str, Any], held: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema without null, which no address can say, and without references."""
    ways = [way for way in kind.get("anyOf", [kind]) if way.get("type") != "null"]
    way = dict(ways[0])
    if "$ref" in way:
        way = dict(held[way["$ref"].rpartition("/")[2]])
    if kind.get("default") is not None:
        way["default"] = kind["default"]
    way.pop("title", None)
    return way


def _header(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
    return {
        "name": name, "in": "header", "required": False, "schema": schema,
        "description": description,
    }  # fmt: skip


def _responses(endpoint: Endpoint, refs: dict[Any, Any]) -> dict[str, Any]:
    done: dict[str, Any] = {"description": HTTPStatus(endpoint.status).phrase}
    if endpoint.answer is not None:
        done |= _content("application/json", _answered(endpoint, refs))
    elif endpoint.gives:
        done |= _content(endpoint.gives, {"type": "string", "format": "binary"})
    if endpoint.method == "POST":
        told = {"schema": {"type": "string", "enum": ["true"]}, "description": "it was done before"}
        done["headers"] = {REPLAYED: told}
    found = {str(endpoint.status): done}
    for status in sorted({*OF_ALL, *endpoint.refuses, *_statuses(endpoint)}):
        found[str(status)] = {
            "description": HTTPStatus(status).phrase,
            **_content(problems.MIMETYPE, refs[(ProblemShown, "serialization")]),
        }
    return found


def _statuses(endpoint: Endpoint) -> tuple[int, ...]:
    named = (404,) if "{" in endpoint.path else ()
    matched = (412,) if endpoint.method == "PATCH" else ()
    return (*named, *matched, *(OF_WRITES if endpoint.is_write else ()))


def _content(media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"content": {media_type: {"schema": schema}}}
