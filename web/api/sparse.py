"""Pages with only the fields that were asked for: `?fields=id,state`."""

from typing import Any, get_args

from pydantic import BaseModel

from web.api.problems import unacceptable
from web.api.schemas.base import Page, PageAsked


def dumped(shown: BaseModel, query: Any) -> str:
    """The answer as JSON. Raises Problem when its items have no such field."""
    wanted = query.fields if isinstance(query, PageAsked) else None
    if wanted is None or not isinstance(shown, Page):
        return shown.model_dump_json()
    names = set(wanted.split(","))
    if unknown := sorted(names - set(item_of(type(shown)).model_fields)):
        raise unacceptable(f"there is no field {unknown[0]}", parameter="fields")
    return shown.model_dump_json(include={"data": {"__all__": names}, "next_cursor": True})


def item_of(page: type[BaseModel]) -> type[BaseModel]:
    """What a page holds."""
    (item,) = get_args(page.model_fields["data"].annotation)
    assert isinstance(item, type) and issubclass(item, BaseModel), "a page holds shown things"
    return item
