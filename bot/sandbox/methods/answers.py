"""Methods that answer what people did: a tap, the question before a payment."""

from bot.sandbox.errors import ApiError, Json, bad_request
from bot.sandbox.state import World

TOAST_CHARACTERS = 200


def _too_old() -> ApiError:
    return bad_request("query is too old and response timeout expired or query ID is invalid")


def answer_callback_query(world: World, params: Json) -> bool:
    """Stop the waiting sign on a button and show a note; once per tap and in time."""
    query = world.callbacks.get(params["callback_query_id"])
    if query is None:
        raise _too_old()
    query.attempts += 1
    text = params.get("text", "")
    if len(text) > TOAST_CHARACTERS:
        raise bad_request("MESSAGE_TOO_LONG")
    if query.answer is not None or world.stopwatch() - query.born > world.callback_seconds:
        raise _too_old()
    query.answer = {"text": text, "show_alert": params.get("show_alert", False)}
    toast = {**query.answer, "callback_query_id": query.id, "user_id": query.user_id}
    world.chat(query.chat_id).tell("toast", toast)
    return True


def answer_pre_checkout_query(world: World, params: Json) -> bool:
    """Agree to a payment or refuse it with a reason; within ten seconds of the question."""
    query = world.pre_checkouts.get(params["pre_checkout_query_id"])
    if query is None or query.answer.done():
        raise _too_old()
    reason = params.get("error_message", "")
    if not params["ok"] and not reason:
        raise bad_request("ERROR_MESSAGE_EMPTY: a refusal needs its reason")
    query.answer.set_result({"ok": params["ok"], "error": reason})
    return True
