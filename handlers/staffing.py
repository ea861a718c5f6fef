"""The buttons for people who may act for the company: from all others they are refused."""

from handlers import buttons
from handlers.chat.screens.codec import Payload

STAFF_ONLY: frozenset[type[Payload]] = frozenset(
    {
        buttons.AskFind,
        buttons.AskMatter,
        buttons.AskRejection,
        buttons.DecideMatter,
        buttons.LeaveMatter,
        buttons.OpenClientCard,
        buttons.OpenClientInvoice,
        buttons.OpenClientInvoices,
        buttons.OpenClientService,
        buttons.OpenClientServices,
        buttons.OpenDesk,
        buttons.OpenWaiting,
        buttons.PostClientCard,
    }
)
"""The dispatcher asks once for each tap, so that an old button of somebody who has left is worth
nothing."""
