"""The bot as the sender of calendar files."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sender:
    """The bot that makes the calendar: its id, which never changes, and its name."""

    bot_id: int
    username: str

    @property
    def link(self) -> str:
        """The bot's address."""
        return f"https://t.me/{self.username}"
