"""What a program sent, by the schema it was promised: nothing unknown, nothing half-understood."""

from typing import Any

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from web.api.problems import Fault, Problem

JSON = "application/json"
MOST_FAULTS = 20


def query_of(schema: type[BaseModel] | None, args: MultiDict[str, str]) -> BaseModel | None:
    """The parameters of the address. Raises Problem."""
    twice = [name for name in args if len(args.getlist(name)) > 1]
    unknown = [] if schema is not None else list(args)
    if twice or unknown:
        why = "given twice" if twice else "unknown"
        raise Problem("invalid", faults=(Fault(why, parameter=(twice or unknown)[0]),))
    if schema is None:
        return None
    try:
        return schema.model_validate_strings(args.to_dict())
    except ValidationError as error:
        raise Problem("invalid", faults=_faults(error, is_query=True)) from None


def body_of(schema: type[BaseModel] | None, most: int) -> BaseModel | None:
    """The body, read as JSON and checked by the schema. Raises Problem.

    A program that sends no body where one is optional sends an empty object.
    """
    request.max_content_length = most
    raw = request.get_data(cache=True)
    if schema is None:
        if raw:
            raise Problem("wrong_media_type", "this takes no body")
        return None
    if request.mimetype != JSON:
        raise Problem("wrong_media_type", f"this takes {JSON}")
    try:
        return schema.model_validate_json(raw)
    except ValidationError as error:
        faults = _faults(error, is_query=False)
        if any(one["type"] == "json_invalid" for one in error.errors(include_url=False)):
            raise Problem("bad_json", faults[0].detail) from None
        raise Problem("invalid", faults=faults) from None


def bytes_of(mimetype: str, most: int) -> bytes:
    """A body that is no JSON, as it came. Raises Problem."""
    request.max_content_length = most
    if request.mimetype != mimetype:
        raise Problem("wrong_media_type", f"this takes {mimetype}")
    return request.get_data(cache=False)


def _faults(error: ValidationError, *, is_query: bool) -> tuple[Fault, ...]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return tuple(_fault(one, is_query) for one in found[:MOST_FAULTS])


def _fault(one: Any, is_query: bool) -> Fault:
    detail = str(one["msg"]).removeprefix("Value error, ")
    if is_query:
        return Fault(detail, parameter=str(one["loc"][0]) if one["loc"] else "", code=one["type"])
    return Fault(detail, pointer=pointer_to(one["loc"]), code=one["type"])


def pointer_to(place: tuple[int | str, ...]) -> str:
    """A JSON pointer as a fragment: `#/leads/3/number`."""
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in place)
    return "#/" + "/".join(steps)
