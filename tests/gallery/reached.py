"""Which functions make screens, and which of them the samples reach."""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator
from types import CodeType, FrameType, FunctionType, ModuleType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import handlers
from handlers.chat.screens.screen import FileScreen, InvoiceScreen, Screen

NOT_SAMPLED = {
    "handlers.chat.sending.delivery.with_note": (
        "puts a note above another screen, and has its own tests"
    ),
    "handlers.chat.conversation.fitting.for_visitor": "takes from another screen what is hidden",
    "handlers.chat.screens.away.while_away": "is drawn over all, in the gallery's variants",
}
"""Functions that return a screen and need no sample, with the reason."""


def screen_functions() -> dict[str, FunctionType]:
    """Every public function of the conversations that makes a screen, by its full name."""
    return {
        f"{module.__name__}.{name}": function
        for module in _modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and _makes_a_screen(function)
    }


def called_during(work: Callable[[], object]) -> frozenset[CodeType]:
    """The Python code that runs while `work` does."""
    seen: set[CodeType] = set()

    def notice(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(notice)
    try:
        work()
    finally:
        sys.setprofile(before)
    return frozenset(seen)


def _modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(handlers.__path__, "handlers."):
        yield importlib.import_module(found.name)


def _makes_a_screen(function: Callable[..., Any]) -> bool:
    if inspect.iscoroutinefunction(function):
        return False
    made = get_type_hints(function).get("return")
    kinds = get_args(made) if get_origin(made) in (Union, UnionType) else (made,)
    return bool({Screen, InvoiceScreen, FileScreen} & set(kinds))
