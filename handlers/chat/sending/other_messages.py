"""Messages that are never edited: files and Telegram's invoices."""

from telegram import InputFile, LabeledPrice
from telegram.constants import ParseMode
from telegram.ext import ExtBot

from handlers.chat.screens.screen import FileScreen, InvoiceScreen
from handlers.chat.sending.markup import keyboard


async def send_file(bot: ExtBot[None], chat_id: int, screen: FileScreen) -> int:
    """Send a file; return the message."""
    file = InputFile(screen.content, screen.name)
    # Machines differ in the types that they know by a name's ending.
    file.mimetype = screen.kind
    message = await bot.send_document(
        chat_id,
        file,
        caption=screen.caption,
        parse_mode=ParseMode.HTML,
        api_kwargs=keyboard(screen.rows),
    )
    return message.message_id


async def send_invoice(
    bot: ExtBot[None], chat_id: int, invoice: InvoiceScreen, *, provider_token: str
) -> int:
    """Send an invoice of Telegram; return the message."""
    message = await bot.send_invoice(
        chat_id,
        title=invoice.title,
        description=invoice.description,
        payload=invoice.payload,
        currency=invoice.currency,
        prices=[LabeledPrice(label, amount) for label, amount in invoice.prices],
        provider_token=provider_token,
        api_kwargs=keyboard(invoice.rows),
    )
    return message.message_id
