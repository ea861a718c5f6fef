"""Inline keyboards, checked the way Telegram checks them."""

from collections.abc import Callable
from urllib.parse import urlsplit

from bot.sandbox.errors import ApiError, Json, bad_request

DATA_BYTES = 64
COPY_CHARACTERS = 256
ROW_BUTTONS = 8
ALL_BUTTONS = 100
STYLES = ("primary", "success", "danger")
ACTIONS = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
)
_OTHER_MARKUPS = ("keyboard", "remove_keyboard", "force_reply")
_FIELDS = {"text", "style", "icon_custom_emoji_id", *ACTIONS}


def inline_keyboard(markup: Json, *, private: bool, invoice: bool = False) -> Json | None:
    """Return the keyboard as a message keeps it; None when it has no button."""
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    rows = [row for row in rows if row]
    if any(len(row) > ROW_BUTTONS for row in rows):
        raise bad_request(f"reply markup is too long: more than {ROW_BUTTONS} buttons in a row")
    if sum(map(len, rows)) > ALL_BUTTONS:
        raise bad_request(f"reply markup is too long: more than {ALL_BUTTONS} buttons")
    for row in rows:
        for button in row:
            _check_button(button, private=private)
    _check_pay_button(rows, invoice=invoice)
    return {"inline_keyboard": rows} if rows else None


def any_markup(markup: Json, *, private: bool, invoice: bool = False) -> Json | None:
    """Return the inline keyboard of a new message; other markups change no message."""
    if "inline_keyboard" in markup:
        return inline_keyboard(markup, private=private, invoice=invoice)
    if not any(name in markup for name in _OTHER_MARKUPS):
        raise bad_request("object expected as reply markup")
    return None


def _check_button(button: object, *, private: bool) -> None:
    if not isinstance(button, dict):
        raise _button_error("InlineKeyboardButton must be an Object")
    if unknown := button.keys() - _FIELDS:
        raise _button_error(f"unknown field {min(unknown)!r}")
    text = button.get("text")
    if not isinstance(text, str):
        raise _button_error('Field "text" must be of type String')
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID: a button needs a text")
    if button.get("style", "") not in ("", "default", *STYLES):
        raise _button_error("invalid button style specified")
    actions = [n for n in ACTIONS if button.get(n) or (n in button and n.startswith("switch"))]
    if not actions:
        raise _button_error("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _button_error(f"more than one action: {', '.join(actions)}")
    if check := _CHECKS.get(actions[0]):
        check(button[actions[0]], private)


def _button_error(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def _check_data(data: object, _private: bool) -> None:
    if not isinstance(data, str):
        raise _button_error('Field "callback_data" must be of type String')
    if len(data.encode()) > DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(url: object, _private: bool) -> None:
    if not isinstance(url, str) or not _is_address(url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _is_address(url: str) -> bool:
    """Hosts need a dot: Telegram refuses localhost, and 127.0.0.1 passes."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme == "tg":
        return bool(parts.netloc)
    is_web_scheme = parts.scheme in {"http", "https", "ton", "tonsite"}
    return is_web_scheme and "." in host.strip(".") and not any(c.isspace() for c in url)


def _check_web_app(app: object, private: bool) -> None:
    if not private:
        raise bad_request("BUTTON_TYPE_INVALID")
    url = app.get("url") if isinstance(app, dict) else None
    if not isinstance(url, str) or not url.startswith("https://") or not _is_address(url):
        raise bad_request(
            f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed"
        )


def _check_copy(copy: object, _private: bool) -> None:
    text = copy.get("text") if isinstance(copy, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= COPY_CHARACTERS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_pay_button(rows: list[list[Json]], *, invoice: bool) -> None:
    places = ((y, x, button) for y, row in enumerate(rows) for x, button in enumerate(row))
    paying = [(y, x) for y, x, button in places if button.get("pay")]
    if not invoice and paying:
        raise bad_request("BUTTON_TYPE_INVALID: a pay button belongs to an invoice")
    if invoice and rows and paying != [(0, 0)]:
        raise bad_request("BUTTON_TYPE_INVALID: an invoice's first button is its pay button")


_CHECKS: dict[str, Callable[[object, bool], None]] = {
    "callback_data": _check_data,
    "url": _check_url,
    "web_app": _check_web_app,
    "copy_text": _check_copy,
}
