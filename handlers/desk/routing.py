"""The desk's part of the map of the bot: its command, its buttons and its step."""

from handlers import buttons
from handlers.chat.updates.routing import Command, Step, Tap, tap
from handlers.desk import finding, handlers, looking

FIND = Command(
    "find",
    finding.find,
    about=lambda t: t.plain("Find a client, service or proforma"),
    staff=True,
)

TAPS: tuple[Tap, ...] = (
    tap(buttons.OpenDesk, handlers.open_desk),
    tap(buttons.OpenWaiting, handlers.open_waiting),
    tap(buttons.AskFind, finding.ask_find),
    tap(buttons.OpenClientCard, looking.open_card),
    tap(buttons.OpenClientServices, looking.open_services),
    tap(buttons.OpenClientInvoices, looking.open_invoices),
    tap(buttons.OpenClientService, looking.open_service),
    tap(buttons.OpenClientInvoice, looking.open_invoice),
)

WORDS = Step(
    finding.WORDS,
    answer=finding.typed,
    again=finding.ask_again,
    anew=buttons.AskFind(),
    staff=True,
)
