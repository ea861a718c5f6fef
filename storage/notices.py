"""Notices as the outbox keeps them: their topic, and their fields as JSON."""

import logging
from typing import Any

from cattrs import BaseValidationError

from billing.views.notices.notice import TOPICS, Notice, UnreadableNotice
from storage.documents import compact_json, from_document, to_document

log = logging.getLogger(__name__)


def to_columns(notice: Notice) -> dict[str, Any]:
    """The columns that say what a notice is."""
    return {"topic": notice.topic, "facts": to_document(notice, type(notice))}


def from_columns(topic: str, facts: Any) -> Notice | UnreadableNotice:
    """The notice of a row; one that another version wrote in another shape is unreadable.

    Fields that are not known are left out, absent ones have their default.
    """
    try:
        notice: Notice = from_document(facts, TOPICS[topic])
    except (KeyError, BaseValidationError):
        # The facts have names and amounts in them: they are not for the log.
        log.error("a notice of the topic %s cannot be read", topic)  # noqa: TRY400
        return UnreadableNotice(topic, compact_json(facts))
    return notice
