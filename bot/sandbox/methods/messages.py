"""Methods that put messages into chats, change them and take them away."""

from bot.sandbox.chats import Chat, Message
from bot.sandbox.errors import ApiError, Json, bad_request
from bot.sandbox.methods.keyboards import any_markup, inline_keyboard
from bot.sandbox.state import World
from bot.sandbox.texts.prepared import CAPTION_LIMIT, MESSAGE_LIMIT, Formatted, formatted

DELETE_SECONDS = 48 * 3600
FILE_BYTES = 50 * 2**20
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
_CONTENT = (
    "text", "entities", "link_preview_options", "photo", "document", "caption", "caption_entities",
)  # fmt: skip
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def send_message(world: World, params: Json) -> Json:
    """Put a text into a chat."""
    chat = world.reach(params["chat_id"])
    content: Json = {"text": "", **text_content(params)}
    name_mentioned(world, content)
    if options := params.get("link_preview_options"):
        content["link_preview_options"] = options
    return finish_send(world, chat, content, params).body


def finish_send(world: World, chat: Chat, content: Json, params: Json) -> Message:
    """Post content with what all send methods share: effect, protection and keyboard."""
    if effect := params.get("message_effect_id"):
        if not chat.private or not effect.isdecimal():
            raise bad_request("EFFECT_ID_INVALID")
        content["effect_id"] = effect
    if params.get("protect_content"):
        content["has_protected_content"] = True
    markup = params.get("reply_markup")
    inline = markup is None or "inline_keyboard" in markup
    if markup is not None:
        keyboard = any_markup(markup, private=chat.private, invoice="invoice" in content)
        if keyboard:
            content["reply_markup"] = keyboard
    if reply := params.get("reply_parameters"):
        content.update(reply_to(chat, reply))
    message = world.post(chat, content)
    message.inline = inline
    return message


def reply_to(chat: Chat, reply: Json) -> Json:
    """Return the message replied to as a field of the reply; 400 if it is gone."""
    original = chat.messages.get(reply.get("message_id", 0))
    if original is None:
        if reply.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": without_reply(original.body)}


def without_reply(body: Json) -> Json:
    """Return a message without the message that it replies to, as Telegram nests it."""
    return {name: value for name, value in body.items() if name != "reply_to_message"}


def name_mentioned(world: World, content: Json) -> None:
    """Complete the users whom a text mentions; nobody unknown is mentioned."""
    for entity in content.get("entities", ()):
        if entity["type"] == "text_mention":
            entity["user"] = world.person(entity["user"]["id"]).user()


def text_content(params: Json) -> Json:
    """Return the text and its entities as a message carries them."""
    text = formatted(
        params["text"],
        parse_mode=params.get("parse_mode", ""),
        entities=params.get("entities"),
        limit=MESSAGE_LIMIT,
    )
    if not text.text:
        raise bad_request("text must be non-empty")
    return text_fields(text, "text", "entities")


def text_fields(text: Formatted, text_name: str, entities_name: str) -> Json:
    """Return a text as fields of a message; without entities there is no field for them."""
    content: Json = {text_name: text.text} if text.text else {}
    if text.entities:
        content[entities_name] = text.entities
    return content


def edit_message_text(world: World, params: Json) -> Json:
    """Replace the text of one of the bot's messages; its keyboard goes when none is given."""
    chat, message = editable(world, params)
    if "text" not in message.body:
        raise bad_request("there is no text in the message to edit")
    changes = text_content(params)
    name_mentioned(world, changes)
    if options := params.get("link_preview_options"):
        changes["link_preview_options"] = options
    if markup := params.get("reply_markup"):
        changes["reply_markup"] = inline_keyboard(markup, private=chat.private)
    return change_message(world, chat, message, changes)


def edit_message_reply_markup(world: World, params: Json) -> Json:
    """Replace or remove the keyboard of one of the bot's messages."""
    chat, message = editable(world, params)
    changes: Json = {name: message.body[name] for name in _CONTENT if name in message.body}
    if markup := params.get("reply_markup"):
        invoice = "invoice" in message.body
        keyboard = inline_keyboard(markup, private=chat.private, invoice=invoice)
        changes["reply_markup"] = keyboard
    return change_message(world, chat, message, changes)


def editable(world: World, params: Json) -> tuple[Chat, Message]:
    """Return a message the bot may edit, or refuse as Telegram does."""
    chat = world.reach(params["chat_id"])
    message = chat.messages.get(params["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot or not message.inline:
        raise bad_request("message can't be edited")
    return chat, message


def change_message(world: World, chat: Chat, message: Message, changes: Json) -> Json:
    """Give a message this content and keyboard, and no other; refuse if it has them already."""
    changes = {name: value for name, value in changes.items() if value}
    compared = (*_CONTENT, "reply_markup")
    if all(changes.get(name) == message.body.get(name) for name in compared):
        raise bad_request(NOT_MODIFIED)
    others = {name: value for name, value in message.body.items() if name not in compared}
    message.body = {**others, **changes, "edit_date": world.unix_now()}
    chat.show(message)
    return message.body


def delete_message(world: World, params: Json) -> bool:
    """Remove a message that is not older than 48 hours by the sandbox's clock."""
    chat = world.reach(params["chat_id"])
    message = chat.messages.get(params["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    if world.unix_now() - message.body["date"] > DELETE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    chat.drop(message.id)
    return True


def send_chat_action(world: World, params: Json) -> bool:
    """Show for a moment that the bot is busy."""
    chat = world.reach(params["chat_id"])
    if params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.tell("typing", {})
    return True


def send_document(world: World, params: Json) -> Json:
    """Put an uploaded file into a chat; people can fetch the latest ones."""
    chat = world.reach(params["chat_id"])
    document = params["document"]
    if isinstance(document, str) and document.startswith("attach://"):
        document = params.get("files", {}).get(document.removeprefix("attach://"))
    if not isinstance(document, dict):
        raise bad_request("wrong file identifier/HTTP URL specified")
    if not document["file_size"]:
        raise bad_request("file must be non-empty")
    if document["file_size"] > FILE_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    caption = formatted(
        params.get("caption", ""),
        parse_mode=params.get("parse_mode", ""),
        entities=params.get("caption_entities"),
        limit=CAPTION_LIMIT,
        what="message caption",
    )
    unique = world.query_id()
    file_ids = {"file_id": f"sandbox-{unique}", "file_unique_id": unique}
    about = {name: value for name, value in document.items() if name != "content"}
    content: Json = {"document": {**about, **file_ids}}
    content.update(text_fields(caption, "caption", "caption_entities"))
    body = finish_send(world, chat, content, params).body
    world.keep_file(chat.id, file_ids["file_id"], document["content"])
    return body
