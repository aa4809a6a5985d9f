"""The public face of the package."""

import inspect
import pkgutil
from importlib import import_module

import pytest

import esl
from esl.errors import EslError, LocalError, RemoteError

MODULES = [import_module(f"esl.{module.name}") for module in pkgutil.iter_modules(esl.__path__)]


def test_every_public_name_is_there_once():
    assert all(hasattr(esl, name) for name in esl.__all__)
    assert len(set(esl.__all__)) == len(esl.__all__)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_module_says_what_it_is_for(module):
    assert module.__doc__
    assert len(inspect.getsource(module).splitlines()) <= 400


def test_the_error_tree_tells_our_fault_from_theirs():
    for error in (esl.AuthRejected, esl.FrameError, esl.CommandFailed):
        assert issubclass(error, RemoteError)
    for error in (LocalError, RemoteError, esl.ConnectionLost, esl.ReplyTimeout, esl.LinkLost):
        assert issubclass(error, EslError)
    assert not issubclass(LocalError, RemoteError)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_clock_and_dice_are_read_in_one_file_only(module):
    source = inspect.getsource(module)
    found = [word for word in ("import time", "import random") if f"\n{word}" in source]
    assert (found != []) == (module.__name__ == "esl.clock")
