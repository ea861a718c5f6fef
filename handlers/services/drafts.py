"""The way back from a question about a service, kept in the draft."""

from billing.ports.conversations import Draft, Json
from handlers.buttons import OpenService
from handlers.chat.conversation.drafts import as_int
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.origin import Origin


def as_draft(place: OpenService) -> dict[str, Json]:
    """The place as values of a draft."""
    return {
        "services.service": place.service,
        "services.origin": int(place.origin),
        "services.inside": place.inside,
    }


def place_of(draft: Draft) -> OpenService:
    """The place from a draft; StaleButton if the draft is of another kind."""
    try:
        origin = Origin(as_int(draft.get("services.origin")))
    except ValueError as error:
        raise StaleButton("no such origin") from error
    inside = draft.get("services.inside") is True
    return OpenService(as_int(draft.get("services.service")), origin, inside)
