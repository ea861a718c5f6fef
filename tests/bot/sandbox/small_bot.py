"""A bot of a few lines that has one of everything, to try the sandbox against."""

from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ContextTypes,
    MessageHandler,
    PreCheckoutQueryHandler,
    filters,
)
from telegram.request import BaseRequest

from bot.sandbox.methods.api import TOKEN

SmallBot = Application[Any, Any, Any, Any, Any, Any]
Context = ContextTypes.DEFAULT_TYPE
MENU = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Add to cart", callback_data="add", style="success")],
        [
            InlineKeyboardButton("Ignore me", callback_data="ignore"),
            InlineKeyboardButton("Cart", callback_data="cart"),
        ],
        [InlineKeyboardButton("Website", url="https://example.com/a")],
    ]
)


def small_bot(request: BaseRequest, *, base_url: str | None = None) -> SmallBot:
    """Return the bot; without a base URL its request must lead to the sandbox."""
    builder = ApplicationBuilder().token(TOKEN).request(request).updater(None).job_queue(None)
    if base_url:
        builder = builder.base_url(base_url)
    application: SmallBot = builder.build()
    paid = filters.SUCCESSFUL_PAYMENT
    application.add_handler(MessageHandler(paid, _thank))
    application.add_handler(MessageHandler(filters.Regex("^/pay"), _invoice))
    application.add_handler(MessageHandler(filters.ALL, _greet))
    application.add_handler(CallbackQueryHandler(_tapped))
    application.add_handler(PreCheckoutQueryHandler(_agree))
    return application


async def _greet(update: Update, _context: Context) -> None:
    assert update.effective_message
    assert update.effective_user
    name = update.effective_user.first_name
    await update.effective_message.reply_html(f"<b>Hello</b>, {name}", reply_markup=MENU)


async def _tapped(update: Update, context: Context) -> None:
    query = update.callback_query
    assert query
    assert query.message
    if query.data == "ignore":
        return
    await query.answer("Added" if query.data == "add" else "What?")
    await context.bot.edit_message_text(
        f"In the cart: 1 ({query.data}), 12,00\u00a0zł",
        query.message.chat.id,
        query.message.message_id,
        reply_markup=MENU,
    )


async def _invoice(update: Update, context: Context) -> None:
    assert update.effective_chat
    payload = "refuse" if update.effective_message.text == "/pay refuse" else "order-1"  # type: ignore[union-attr]
    await context.bot.send_invoice(
        update.effective_chat.id,
        "Hosting",
        "One year",
        payload,
        "PLN",
        [LabeledPrice("Hosting", 12_300)],
        provider_token="provider",
    )


async def _agree(update: Update, _context: Context) -> None:
    query = update.pre_checkout_query
    assert query
    if query.invoice_payload == "refuse":
        await query.answer(ok=False, error_message="The price has changed")
    else:
        await query.answer(ok=True)


async def _thank(update: Update, _context: Context) -> None:
    assert update.effective_message
    payment = update.effective_message.successful_payment
    assert payment
    await update.effective_message.reply_text(f"Thank you for {payment.total_amount}")
