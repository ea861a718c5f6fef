"""The people of the sandbox, and the bot they talk to."""

from dataclasses import dataclass

from bot.sandbox.errors import Json

GROUP_ID = -1_000_000_000_001
"""The one group chat: in the demo it is where the operator's staff read."""

CROWD_FROM = 100_000
"""From this id on every person exists, because load tests need thousands."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A Telegram user: the name others see, the app's language, and a note for the page."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    note: str = ""
    is_bot: bool = False

    def user(self) -> Json:
        """Return the `User` object that updates and messages carry."""
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if value := getattr(self, name):
                user[name] = value
        return user

    def chat(self) -> Json:
        """Return the private `Chat` object of this user."""
        chat: Json = {"id": self.id, "type": "private", "first_name": self.first_name}
        for name in ("last_name", "username"):
            if value := getattr(self, name):
                chat[name] = value
        return chat

    def card(self, chat: int | None = None, note: str = "") -> Json:
        """Return what the page shows of this person in its list, in a group if it is named."""
        return {
            **({"chat": chat} if chat else {}),
            "id": self.id,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
            "note": note or self.note,
        }


BOT = Profile(
    7_000_000_001, "Panelik", username="panelik_sandbox_bot", language_code="", is_bot=True
)

ANNA = Profile(1001, "Anna", "Nowak", "anna_nowak", "pl", "Klientka C-1001")
JOHN = Profile(1002, "John", "Smith", "john_smith", "en", "Client C-1002")
PIOTR = Profile(1003, "Piotr", "Nowak", "piotr_nowak", "pl", "Dzieli konto C-1001 z Anną")
GUEST = Profile(1004, "Maya", "", "", "en", "Not linked to any account")
OPERATOR = Profile(1009, "Olga", "Lis", "olga_lis", "en", "The operator's staff, in private")
COLLEAGUE = Profile(1010, "Marek", "Wilk", "marek_wilk", "pl", "The operator's staff")

LINKED = (ANNA, JOHN, PIOTR)
"""People who are linked to clients of the demo company; the bot may write to them."""

PEOPLE = (ANNA, JOHN, PIOTR, GUEST, OPERATOR)
"""The people that the page offers, each in their private chat."""

STAFF = (OPERATOR, COLLEAGUE)
"""The people that the page offers in the group."""


def one_of_the_crowd(user_id: int) -> Profile:
    """Return an invented person for a load test; odd ids speak Polish, even ones English."""
    language = "pl" if user_id % 2 else "en"
    return Profile(user_id, f"Person {user_id}", language_code=language)
