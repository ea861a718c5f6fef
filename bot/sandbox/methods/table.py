"""The Bot API methods the sandbox knows, each with its parameters.

A method or a parameter that is not in this list is refused, so every call of the bot has been
tried.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.errors import Json
from bot.sandbox.methods import answers, delivery, messages, payments, photos, profile
from bot.sandbox.methods.parameters import Kind, array, chat, flag, integer, mapping, text
from bot.sandbox.state import World

Parameters = dict[str, Kind]


@dataclass(frozen=True, slots=True)
class Method:
    """What a method does, the parameters it takes and the ones it must have."""

    run: Callable[[World, Json], object]
    takes: Parameters
    needs: tuple[str, ...] = ()


_LANGUAGE: Parameters = {"language_code": text}
_SCOPE: Parameters = {"scope": mapping, **_LANGUAGE}
_SEND: Parameters = {
    "business_connection_id": text,
    "chat_id": chat,
    "message_thread_id": integer,
    "direct_messages_topic_id": integer,
    "disable_notification": flag,
    "protect_content": flag,
    "allow_paid_broadcast": flag,
    "message_effect_id": text,
    "suggested_post_parameters": mapping,
    "reply_parameters": mapping,
    "reply_markup": mapping,
}
_TEXT: Parameters = {
    "text": text,
    "parse_mode": text,
    "entities": array,
    "link_preview_options": mapping,
}
_EDIT: Parameters = {
    "business_connection_id": text,
    "chat_id": chat,
    "message_id": integer,
    "reply_markup": mapping,
}
_DOCUMENT: Parameters = {
    "document": lambda _name, value: value,
    "files": mapping,
    "caption": text,
    "parse_mode": text,
    "caption_entities": array,
    "disable_content_type_detection": flag,
}
_CAPTION: Parameters = {
    "caption": text,
    "parse_mode": text,
    "caption_entities": array,
    "show_caption_above_media": flag,
}
_PHOTO: Parameters = {
    "photo": lambda _name, value: value,
    "files": mapping,
    "has_spoiler": flag,
    **_CAPTION,
}
_INVOICE: Parameters = {
    "title": text,
    "description": text,
    "payload": text,
    "provider_token": text,
    "currency": text,
    "prices": array,
    "max_tip_amount": integer,
    "suggested_tip_amounts": array,
    "start_parameter": text,
    "provider_data": text,
    "photo_url": text,
    "photo_size": integer,
    "photo_width": integer,
    "photo_height": integer,
    "need_name": flag,
    "need_phone_number": flag,
    "need_email": flag,
    "need_shipping_address": flag,
    "send_phone_number_to_provider": flag,
    "send_email_to_provider": flag,
    "is_flexible": flag,
}
_CALLBACK: Parameters = {
    "callback_query_id": text,
    "text": text,
    "show_alert": flag,
    "url": text,
    "cache_time": integer,
}
_CHECKOUT: Parameters = {"pre_checkout_query_id": text, "ok": flag, "error_message": text}
_ACTION: Parameters = {
    "business_connection_id": text,
    "chat_id": chat,
    "message_thread_id": integer,
    "action": text,
}
_PLACE = ("chat_id", "message_id")
_MESSAGE: Parameters = {"chat_id": chat, "message_id": integer}

_UPDATES: Parameters = {
    "offset": integer,
    "limit": integer,
    "timeout": integer,
    "allowed_updates": array,
}

_WEBHOOK: Parameters = {
    "url": text,
    "certificate": lambda _name, value: value,
    "files": mapping,
    "ip_address": text,
    "max_connections": integer,
    "allowed_updates": array,
    "drop_pending_updates": flag,
    "secret_token": text,
}

METHODS = {
    "getUpdates": Method(delivery.get_updates, _UPDATES),
    "setWebhook": Method(delivery.set_webhook, _WEBHOOK),
    "deleteWebhook": Method(delivery.delete_webhook, {"drop_pending_updates": flag}),
    "getWebhookInfo": Method(delivery.get_webhook_info, {}),
    "getMe": Method(profile.get_me, {}),
    "sendMessage": Method(messages.send_message, _SEND | _TEXT, ("chat_id", "text")),
    "sendDocument": Method(messages.send_document, _SEND | _DOCUMENT, ("chat_id", "document")),
    "sendPhoto": Method(photos.send_photo, _SEND | _PHOTO, ("chat_id", "photo")),
    "sendInvoice": Method(
        payments.send_invoice,
        _SEND | _INVOICE,
        ("chat_id", "title", "description", "payload", "currency", "prices"),
    ),
    "sendChatAction": Method(messages.send_chat_action, _ACTION, ("chat_id", "action")),
    "editMessageText": Method(messages.edit_message_text, _EDIT | _TEXT, (*_PLACE, "text")),
    "editMessageCaption": Method(photos.edit_message_caption, _EDIT | _CAPTION, _PLACE),
    "editMessageMedia": Method(
        photos.edit_message_media,
        {**_EDIT, "media": mapping, "files": mapping},
        (*_PLACE, "media"),
    ),
    "editMessageReplyMarkup": Method(messages.edit_message_reply_markup, _EDIT, _PLACE),
    "deleteMessage": Method(messages.delete_message, _MESSAGE, _PLACE),
    "answerCallbackQuery": Method(
        answers.answer_callback_query, _CALLBACK, ("callback_query_id",)
    ),
    "answerPreCheckoutQuery": Method(
        answers.answer_pre_checkout_query, _CHECKOUT, ("pre_checkout_query_id", "ok")
    ),
    "getChat": Method(profile.get_chat, {"chat_id": chat}, ("chat_id",)),
    "setMyCommands": Method(profile.set_my_commands, {"commands": array, **_SCOPE}, ("commands",)),
    "getMyCommands": Method(profile.get_my_commands, _SCOPE),
    "deleteMyCommands": Method(profile.delete_my_commands, _SCOPE),
    "setMyName": Method(profile.set_my_name, {"name": text, **_LANGUAGE}),
    "getMyName": Method(profile.get_my_name, _LANGUAGE),
    "setMyDescription": Method(profile.set_my_description, {"description": text, **_LANGUAGE}),
    "getMyDescription": Method(profile.get_my_description, _LANGUAGE),
    "setMyShortDescription": Method(
        profile.set_my_short_description, {"short_description": text, **_LANGUAGE}
    ),
    "getMyShortDescription": Method(profile.get_my_short_description, _LANGUAGE),
}
