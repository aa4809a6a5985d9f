"""Work of the processor beside the hub: others are served while it runs."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import gevent

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def aside(
    function: Callable[Given, Answer], *arguments: Given.args, **named: Given.kwargs
) -> Answer:
    """`function`'s answer (or its exception), from a thread of the hub's pool.

    It must use neither the request nor the database session: they belong to this greenlet.
    """
    answer: Answer = gevent.get_hub().threadpool.apply(function, arguments, named)
    return answer
