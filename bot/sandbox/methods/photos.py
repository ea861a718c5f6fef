"""Methods that send photos, and put others into their place."""

import struct
from urllib.parse import urlsplit

from bot.sandbox.chats import Chat
from bot.sandbox.errors import ApiError, Json, bad_request
from bot.sandbox.methods.keyboards import inline_keyboard
from bot.sandbox.methods.messages import change_message, editable, finish_send, text_fields
from bot.sandbox.state import World
from bot.sandbox.texts.prepared import CAPTION_LIMIT, formatted

PHOTO_BYTES = 10 * 2**20
SIDES = 10_000
"""Most pixels of width and height together."""

RATIO = 20
_PNG = b"\x89PNG\r\n\x1a\n"
_ELSEWHERE = {"width": 1280, "height": 720}
"""The size of a photo at an address: the sandbox fetches nothing from other machines."""


def send_photo(world: World, params: Json) -> Json:
    """Put a photo into a chat, uploaded or from an address."""
    chat = world.reach(params["chat_id"])
    photo, kept = _photo(world, params["photo"], params)
    content: Json = {"photo": [photo], **caption_fields(params)}
    body = finish_send(world, chat, content, params).body
    _keep(world, chat, photo, kept)
    return body


def edit_message_media(world: World, params: Json) -> Json:
    """Replace a photo and its caption; its keyboard goes when none is given."""
    chat, message = editable(world, params)
    if "photo" not in message.body:
        raise bad_request("there is no photo in the message to edit")
    media = params["media"]
    if media.get("type") != "photo":
        raise bad_request("the sandbox puts only photos into the place of photos")
    photo, kept = _photo(world, media.get("media"), params)
    changes = {"photo": [photo], **caption_fields(media)}
    if markup := params.get("reply_markup"):
        changes["reply_markup"] = inline_keyboard(markup, private=chat.private)
    body = change_message(world, chat, message, changes)
    _keep(world, chat, photo, kept)
    return body


def edit_message_caption(world: World, params: Json) -> Json:
    """Replace the caption of a photo or a file; its keyboard goes when none is given."""
    chat, message = editable(world, params)
    media = [name for name in ("photo", "document") if name in message.body]
    if not media:
        raise bad_request("there is no caption in the message to edit")
    changes: Json = {name: message.body[name] for name in media}
    changes.update(caption_fields(params))
    if markup := params.get("reply_markup"):
        changes["reply_markup"] = inline_keyboard(markup, private=chat.private)
    return change_message(world, chat, message, changes)


def caption_fields(params: Json) -> Json:
    """Return a caption and its entities as a message carries them."""
    caption = formatted(
        params.get("caption", ""),
        parse_mode=params.get("parse_mode", ""),
        entities=params.get("caption_entities"),
        limit=CAPTION_LIMIT,
        what="message caption",
    )
    return text_fields(caption, "caption", "caption_entities")


def _photo(world: World, photo: object, params: Json) -> tuple[Json, bytes | str]:
    """Return a photo as a message carries it, and its bytes or its address."""
    unique = world.query_id()
    ids = {"file_id": f"sandbox-{unique}", "file_unique_id": unique}
    if isinstance(photo, str) and photo.startswith("attach://"):
        photo = params.get("files", {}).get(photo.removeprefix("attach://"))
    if isinstance(photo, str) and urlsplit(photo).scheme in {"http", "https"}:
        return {**ids, **_ELSEWHERE}, photo
    if not isinstance(photo, dict):
        raise bad_request("wrong file identifier/HTTP URL specified")
    content: bytes = photo["content"]
    if len(content) > PHOTO_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    return {**ids, **_size(content), "file_size": len(content)}, content


def _keep(world: World, chat: Chat, photo: Json, kept: bytes | str) -> None:
    if isinstance(kept, str):
        world.keep_address(chat.id, photo["file_id"], kept)
    else:
        world.keep_file(chat.id, photo["file_id"], kept)


def _size(content: bytes) -> Json:
    """Return width and height of a PNG, the only kind that the bot draws."""
    if not content.startswith(_PNG) or len(content) < 24:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", content[16:24])
    if width + height > SIDES or max(width, height) > RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return {"width": width, "height": height}
