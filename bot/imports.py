"""Importing a program's modules in less time and less memory."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNUSED = "httpx._main"
"""The command line of httpx, which python-telegram-bot imports although our transport takes its
place. It brings rich and pygments along where they are installed, 8 MB that no bot needs, and
httpx has a stand-in for where they are not."""


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import inside the block without what is not used, and without looking for unused objects.

    What modules define stays until the process ends. Looking through it again and again takes a
    seventh of the time of importing, and later each search would look at it once more: so it is
    left out of them (`gc.freeze`).
    """
    sys.modules.setdefault(UNUSED, None)  # type: ignore[arg-type] # None: cannot be imported
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
