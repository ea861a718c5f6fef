"""Methods about the bot itself and about chats: identity, commands, descriptions, webhook."""

import re
from functools import partial

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.people import BOT
from bot.sandbox.state import World

ALL_COMMANDS = 100
COMMAND_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LIMITS = {"name": 64, "description": 512, "short_description": 120}
_SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}


def get_me(_world: World, _params: Json) -> Json:
    """Say who the bot is."""
    return {
        **BOT.user(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_chat(world: World, params: Json) -> Json:
    """Say what is known about a chat the bot has met."""
    chat = world.chats.get(params["chat_id"])
    if chat is None:
        raise bad_request("chat not found")
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    return {
        **chat.body,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {**dict.fromkeys(gifts, False), "gifts_from_channels": False},
    }


def set_my_commands(world: World, params: Json) -> bool:
    """Keep the list of commands for a scope and a language."""
    commands = params["commands"]
    if len(commands) > ALL_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands_set = [_command(command) for command in commands]
    world.profile.commands[_scope(params), params.get("language_code", "")] = commands_set
    _tell_commands(world)
    return True


def _command(command: object) -> Json:
    if not isinstance(command, dict) or not {"command", "description"} <= command.keys():
        raise bad_request("can't parse BotCommand: expected an Object")
    name, description = command["command"], command["description"]
    if not isinstance(name, str) or not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not 1 <= len(description) <= COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


def _scope(params: Json) -> str:
    scope = params.get("scope") or {"type": "default"}
    if scope.get("type") not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    return f"chat:{scope['chat_id']}" if "chat_id" in scope else str(scope["type"])


def _tell_commands(world: World) -> None:
    for chat in world.chats.values():
        if chat.private:
            chat.tell("commands", world.commands_for(world.person(chat.id)))


def get_my_commands(world: World, params: Json) -> list[Json]:
    """Return exactly the list kept for this scope and language."""
    return world.profile.commands.get((_scope(params), params.get("language_code", "")), [])


def delete_my_commands(world: World, params: Json) -> bool:
    """Forget the list for a scope and a language."""
    world.profile.commands.pop((_scope(params), params.get("language_code", "")), None)
    _tell_commands(world)
    return True


def _set(field: str, world: World, params: Json) -> bool:
    value = params.get(field, "")
    if len(value) > _LIMITS[field]:
        raise bad_request(f"BOT_{field.upper()}_INVALID")
    values: dict[str, str] = getattr(world.profile, field)
    values[params.get("language_code", "")] = value
    return True


def _get(field: str, world: World, params: Json) -> Json:
    values: dict[str, str] = getattr(world.profile, field)
    return {field: values.get(params.get("language_code", "")) or values.get("", "")}


set_my_name, get_my_name = partial(_set, "name"), partial(_get, "name")
set_my_description = partial(_set, "description")
get_my_description = partial(_get, "description")
set_my_short_description = partial(_set, "short_description")
get_my_short_description = partial(_get, "short_description")
