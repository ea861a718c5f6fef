"""Libraries that come only with an extra of the package."""

from collections.abc import Iterator
from contextlib import contextmanager


class MissingLibraryError(Exception):
    """A setting needs a library that is not installed; the text says how to get it."""


@contextmanager
def needs(library: str, extra: str, setting: str) -> Iterator[None]:
    """Turn an import that fails inside the block into a MissingLibraryError."""
    try:
        yield
    except ImportError as error:
        raise MissingLibraryError(
            f"{setting} is set, but {library} is not installed. Install it with "
            f"`pip install 'panelik[{extra}]'`, or leave the setting out."
        ) from error
