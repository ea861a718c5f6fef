"""A message as text: its words, and its buttons in brackets."""

from collections.abc import Iterator

from bot.sandbox.errors import Json
from bot.sandbox.talk.driver import Place
from locales.text import legible


def readable(message: Json) -> str:
    """Return a message as text, each row of buttons as `[one] [two]` on a line of its own."""
    rows = _rows(message)
    lines = [" ".join(f"[{button['text']}]" for button in row) for row in rows]
    return legible("\n".join([_words(message), *lines]))


def places(message: Json, *, beside: str = "", below: str = "") -> Iterator[tuple[Place, Json]]:
    """Yield the buttons with their places.

    Only those in a row with a button that contains `beside`, if it is given, and only those under
    the row or the text that contains `below`.
    """
    reached = below in legible(_words(message))
    for y, row in enumerate(_rows(message)):
        labels = [legible(button["text"]) for button in row]
        for x, button in enumerate(row):
            others = labels[:x] + labels[x + 1 :]
            if reached and (not beside or any(beside in label for label in others)):
                yield Place(message["message_id"], y, x), button
        reached = reached or any(below in label for label in labels)


def _rows(message: Json) -> list[list[Json]]:
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def _words(message: Json) -> str:
    words = message.get("text") or message.get("caption") or ""
    if invoice := message.get("invoice"):
        total = f"{invoice['total_amount']} {invoice['currency']}"
        words = f"{invoice['title']}\n{invoice['description']}\n{total}"
    if "photo" in message:
        words = f"(picture)\n{words}".strip()
    if document := message.get("document"):
        words = f"{document['file_name']}\n{words}"
    return str(words)
