"""Every kind of notice: what is sent unasked, to clients and to the operator.

The class is the kind, its fields are the facts, and its `topic` names it in the database: a topic
never changes and never gets another meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from billing.views.notices.access import AccessNotice
from billing.views.notices.money import InvoiceNotice, PanelNotice, PaymentNotice, ReminderUpdate
from billing.views.notices.operator import OperatorNotice
from billing.views.notices.services import ServiceNotice

ClientNotice = (
    ServiceNotice | InvoiceNotice | PanelNotice | PaymentNotice | ReminderUpdate | AccessNotice
)
Notice = ClientNotice | OperatorNotice


@dataclass(frozen=True, slots=True)
class UnreadableNotice:
    """What was written by another version and cannot be read: the topic and the raw facts.

    It goes out all the same, in general words to a client and as it is to the operator.
    """

    topic: str
    facts: str


TOPICS: Mapping[str, type[Notice]] = {kind.topic: kind for kind in get_args(Notice)}
"""Every kind by its topic."""
