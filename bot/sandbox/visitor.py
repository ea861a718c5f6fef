"""What a person does in the chat application: write, tap, pay, block."""

from bot.sandbox.chats import Chat, Message
from bot.sandbox.errors import Json, SandboxError
from bot.sandbox.methods.messages import text_fields, without_reply
from bot.sandbox.methods.payments import pay
from bot.sandbox.people import BOT
from bot.sandbox.state import CallbackQuery, World
from bot.sandbox.texts.prepared import MESSAGE_LIMIT, typed


class Visitor:
    """One person in one chat; every act tells the bot by an update."""

    def __init__(self, world: World, user_id: int, chat_id: int | None = None) -> None:
        self._world = world
        self.person = world.person(user_id)
        self.chat: Chat = world.chat(chat_id or user_id)

    def send(self, text: str, *, reply_to: int | None = None) -> Message:
        """Write a message, which may be a reply; a blocked bot is unblocked by it.

        In private that is what the Start button does. In a group the bot sees only commands and
        replies to its own messages.
        """
        content = text_fields(typed(text[:MESSAGE_LIMIT]), "text", "entities")
        if not content:
            raise SandboxError("an empty message cannot be sent")
        if self.chat.blocked:
            self.unblock()
        replied = self.chat.messages.get(reply_to or 0)
        if replied is not None:
            content["reply_to_message"] = without_reply(replied.body)
        message = self._world.post(self.chat, content, sender=self.person)
        is_command = text.startswith("/")
        if self.chat.private or is_command or (replied is not None and replied.from_bot):
            self._world.update("message", message.body)
        return message

    def tap(
        self, message_id: int, row: int = 0, column: int = 0, *, data: str | None = None
    ) -> CallbackQuery:
        """Tap a button by its place; `data` forges the button's data."""
        message = self.chat.messages.get(message_id)
        if message is None:
            raise SandboxError(f"there is no message {message_id}")
        callback_data = (
            data if data is not None else _button(message, row, column).get("callback_data")
        )
        if callback_data is None:
            raise SandboxError("this button sends nothing to the bot")
        query = self._world.add_callback(self.person.id, self.chat.id)
        body = {
            "id": query.id,
            "from": self.person.user(),
            "message": message.body,
            "chat_instance": str(self.chat.id * 7_919),
            "data": callback_data,
        }
        self._world.update("callback_query", body)
        return query

    async def pay(self, message_id: int, *, outcome: str = "pay") -> Json:
        """Pay an invoice; `outcome` is the provider's word, "pay" or "fail"."""
        if outcome not in {"pay", "fail"}:
            raise SandboxError('the outcome is "pay" or "fail"')
        return await pay(self._world, self.person, self.chat, message_id, outcome=outcome)

    def file(self, file_id: str) -> bytes:
        """Fetch a file that the bot has sent to this chat."""
        content = self._world.files.get((self.chat.id, file_id))
        if content is None:
            raise SandboxError("this file is not here any more")
        return content

    def photo(self, file_id: str) -> bytes | str:
        """Fetch a photo that the bot has sent to this chat, or the address that it has named."""
        address = self._world.addresses.get((self.chat.id, file_id))
        return self.file(file_id) if address is None else address

    def block(self) -> None:
        """Block the bot: from now on Telegram refuses what it sends."""
        self._membership("kicked", blocked=True)

    def unblock(self) -> None:
        """Let the bot write again."""
        self._membership("member", blocked=False)

    def _membership(self, status: str, *, blocked: bool) -> None:
        before = "kicked" if self.chat.blocked else "member"
        if before == status:
            return
        self.chat.blocked = blocked
        self.chat.revision += 1
        body = {
            "chat": self.chat.body,
            "from": self.person.user(),
            "date": self._world.unix_now(),
            "old_chat_member": _member(before),
            "new_chat_member": _member(status),
        }
        self._world.update("my_chat_member", body)

    def snapshot(self) -> Json:
        """Return all that the person sees in this chat."""
        world, profile = self._world, self._world.profile
        language = self.person.language_code
        texts = {
            "description": profile.description,
            "short_description": profile.short_description,
        }
        about = {name: by.get(language) or by.get("", "") for name, by in texts.items()}
        name = profile.name.get(language) or profile.name[""]
        return {
            "messages": [message.body for message in self.chat.messages.values()],
            "commands": world.commands_for(self.person) if self.chat.private else [],
            "title": self.chat.body.get("title", ""),
            "bot": {"id": BOT.id, "first_name": name, "username": BOT.username, **about},
            "now": world.clock.now().isoformat(),
            "blocked": self.chat.blocked,
            "paid": [message.id for message in self.chat.messages.values() if message.paid],
            "revision": self.chat.revision,
            "pending": len(world.updates),
        }


def _member(status: str) -> Json:
    member: Json = {"user": BOT.user(), "status": status}
    return {**member, "until_date": 0} if status == "kicked" else member


def _button(message: Message, row: int, column: int) -> Json:
    rows = message.body.get("reply_markup", {}).get("inline_keyboard", [])
    if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
        raise SandboxError(f"message {message.id} has no button at row {row}, column {column}")
    button: Json = rows[row][column]
    return button
