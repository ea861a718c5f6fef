"""Signed links, made by the examples of the documentation."""

import re
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

LINKING = (Path(__file__).parents[1] / "docs" / "linking.md").read_text("utf-8")
SECRET = "0123456789abcdef0123456789abcdef"


def example(language: str) -> str:
    """The code of the example in a language."""
    match = re.search(rf"^```{language}\n(.*?)^```", LINKING, re.DOTALL | re.MULTILINE)
    assert match is not None
    return match[1]


def signed(client: str, now: datetime, *, secret: str = SECRET, seconds: int = 600) -> str:
    """The payload of a link, made at an instant by the example in Python."""
    names: dict[str, Any] = {}
    exec(compile(example("py"), "linking.md", "exec"), names)  # noqa: S102 - our own documentation
    names["time"] = SimpleNamespace(time=now.timestamp)
    link: str = names["panelik_link"]("chmurnik_bot", secret, client, seconds)
    return link.partition("?start=")[2]
