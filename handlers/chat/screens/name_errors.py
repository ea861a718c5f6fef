"""Refusals of typed names and domains, in the client's language."""

from collections.abc import Mapping

from handlers.chat.screens.widgets import shortened
from locales.text import Plain
from locales.translator import Translator

Params = Mapping[str, object]

LIMIT = 50
"""Most characters of a list of endings, a domain or a name; a note holds 200 characters."""


def name_taken(t: Translator, params: Params) -> Plain:
    """The name is taken by another line or service."""
    return t.plain("You already have {name}.", name=str(params.get("name", "")))


def not_a_domain(t: Translator, params: Params) -> Plain:
    """The text is no domain."""
    text = str(params.get("text", ""))
    return t.plain("“{text}” is not a domain. It looks like this: example.com", text=text)


def email_address(t: Translator, params: Params) -> Plain:
    """An e-mail address where a domain is asked for."""
    return t.plain(
        "That is an e-mail address. If the domain {text} is meant, type only that.",
        text=str(params.get("text", "")),
    )


def wrong_ending(t: Translator, params: Params) -> Plain:
    """The product does not take that ending."""
    return t.plain(
        "“{text}” has another ending. This product takes only: {endings}",
        text=shortened(str(params.get("text", "")), LIMIT),
        endings=_endings(params),
    )


def subdomain(t: Translator, params: Params) -> Plain:
    """The domain has more parts than the product takes."""
    return t.plain(
        "“{text}” has too many parts. This product takes one part and an ending: {endings}",
        text=shortened(str(params.get("text", "")), LIMIT),
        endings=_endings(params),
    )


def _endings(params: Params) -> Plain:
    endings = params.get("endings")
    names = (f".{ending}" for ending in endings) if isinstance(endings, tuple) else ()
    return shortened(", ".join(names), LIMIT)
