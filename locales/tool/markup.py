"""The HTML that Telegram understands, as far as messages need it checked."""

import re

TAGS = frozenset(
    {"a", "b", "blockquote", "code", "del", "em", "i", "ins", "pre", "s", "span", "strike"}
    | {"strong", "tg-emoji", "tg-spoiler", "tg-time", "u"}
)
"""The tags of Telegram's HTML style (Bot API, "Formatting options")."""

_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^<>]*)>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")


def tags(message: str) -> list[str]:
    """Every tag of a message, attributes included, in alphabetical order."""
    return sorted(match.group(0) for match in _TAG.finditer(message))


def has_html(message: str) -> bool:
    """Whether text that should be plain holds a tag or an entity that people would see."""
    known = any(match.group(2).lower() in TAGS for match in _TAG.finditer(message))
    return known or _ENTITY.search(message) is not None


def html_fault(message: str) -> str | None:
    """What Telegram would refuse in a message, or None."""
    open_tags: list[str] = []
    for match in _TAG.finditer(message):
        closing, name, _attributes = match.groups()
        if name not in TAGS:
            return f"Telegram does not know <{name}>"
        if not closing:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return f"</{name}> closes nothing"
    if open_tags:
        return f"<{open_tags[-1]}> is not closed"
    rest = _ENTITY.sub("", _TAG.sub("", message))
    found = next((sign for sign in rest if sign in "<>&"), None)
    return None if found is None else f"a bare {found} in HTML; write &lt; &gt; &amp;"
