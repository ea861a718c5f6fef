"""Preparing a text for a message: parsing, trimming, measuring."""

from dataclasses import dataclass

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.texts.entities import found_in, utf16
from bot.sandbox.texts.html import parse_html

MESSAGE_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100
_RAW_LIMIT = 1 << 15
_WITHOUT_ENTITIES_INSIDE = {"code", "pre"}


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text with its entities, offsets in UTF-16 code units."""

    text: str
    entities: list[Json]


def formatted(
    text: str,
    *,
    parse_mode: str = "",
    entities: list[Json] | None = None,
    limit: int,
    what: str = "message",
) -> Formatted:
    """Return the text as a message keeps it; raises the 400s that Telegram answers of `what`.

    The limits hold after parsing, in UTF-16 code units, and for entities the bot asked for:
    Telegram drops the ones past a hundred in silence, and a silent loss is a bug to find here.
    """
    if len(text.encode()) > _RAW_LIMIT:
        raise bad_request("text is too long")
    mode = parse_mode.lower()
    if mode not in {"", "none", "html"}:
        raise bad_request("unsupported parse_mode: the sandbox reads HTML only")
    entity_list = list(entities or [])
    if mode == "html":
        text, entity_list = parse_html(text)
    result = _trim(text, _allowed_inside(entity_list))
    if utf16(result.text) > limit:
        raise bad_request(f"{what} is too long")
    if len(result.entities) > ENTITY_LIMIT:
        raise bad_request("ENTITIES_TOO_LONG")
    return _with_more_entities(result)


def typed(text: str) -> Formatted:
    """Return what a person typed: plain text in which Telegram marks commands and addresses."""
    return _with_more_entities(_trim(text, []))


def _with_more_entities(plain: Formatted) -> Formatted:
    more = found_in(plain.text, plain.entities)
    if not more:
        return plain
    everything = sorted([*plain.entities, *more], key=lambda e: (e["offset"], -e["length"]))
    return Formatted(plain.text, everything)


def _allowed_inside(entities: list[Json]) -> list[Json]:
    """Drop entities inside code, where Telegram shows no others."""
    blocks = [entity for entity in entities if entity["type"] in _WITHOUT_ENTITIES_INSIDE]
    if not blocks:
        return entities
    return [
        e for e in entities if not any(e is not block and _inside(e, block) for block in blocks)
    ]


def _inside(entity: Json, block: Json) -> bool:
    start, end = block["offset"], block["offset"] + block["length"]
    return bool(entity["offset"] >= start and entity["offset"] + entity["length"] <= end)


def _trim(text: str, entities: list[Json]) -> Formatted:
    stripped = text.strip()
    if len(stripped) == len(text) or not entities:
        return Formatted(stripped, entities)
    cut = utf16(text[: len(text) - len(text.lstrip())])
    end = utf16(stripped)
    shifted: list[Json] = []
    for entity in entities:
        first = max(0, entity["offset"] - cut)
        last = min(end, entity["offset"] + entity["length"] - cut)
        if last > first:
            shifted.append({**entity, "offset": first, "length": last - first})
    return Formatted(stripped, shifted)
