"""/start and pasted links, which lead into several topics."""

from billing.ports.conversations import Json
from billing.rules.access.deep_links import (
    CodeLink,
    DeepLink,
    Greeting,
    InvoiceLink,
    ServiceLink,
    SignedLink,
    pasted_link,
    read_link,
)
from billing.rules.access.link_codes import code_in
from billing.rules.errors import NotFoundError
from handlers import typed_text
from handlers.account import handlers as account
from handlers.buttons import OpenFollowedLink, OpenInvoice, OpenService
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import sentence
from handlers.chat.screens.origin import Origin
from handlers.desk import handlers as desk
from handlers.menu import handlers as menu


async def start(ctx: Context) -> None:
    """/start: greet, or open the target of a deep link."""
    words = ctx.args or []
    link = read_link(words[0]) if len(words) == 1 else _link_in(" ".join(words))
    if ctx.visitor.client is None and isinstance(link, ServiceLink | InvoiceLink):
        followed: list[Json] = [words[0], int(ctx.now.timestamp())]
        await ctx.look(**{account.FOLLOWED: followed})
    await follow(ctx, link)


async def home(ctx: Context) -> None:
    """What replaces a screen that is gone: home; the desk for staff who are no client."""
    if ctx.is_staff and ctx.visitor.client is None:
        await desk.show(ctx)
    else:
        await menu.home(ctx)


async def open_followed(ctx: Context, _: OpenFollowedLink) -> None:
    """Open what the user followed a link to before they had an account."""
    followed = (await ctx.view()).get(account.FOLLOWED)
    if not isinstance(followed, list) or not account.is_recent(followed, ctx.now):
        raise StaleButton("no link was followed lately")
    await follow(ctx, read_link(str(followed[0])))


async def text(ctx: Context, typed: str) -> None:
    """Take text that no step waits for: a link, a visitor's code, a button's name, or a search."""
    link = pasted_link(typed)
    if link is None and ctx.visitor.client is None:
        link = _link_in(typed)
    if link is None or link == Greeting():
        await typed_text.take(ctx, typed)
    else:
        await follow(ctx, link)


async def follow(ctx: Context, link: DeepLink) -> None:
    """Open the target of a link; show home with a note if it is not the client's."""
    try:
        match link:
            case CodeLink() | SignedLink():
                await account.preview(ctx, link)
            case ServiceLink(name):
                service = await ctx.actions.find_own_service(ctx.client, name)
                await ctx.open(OpenService(service, Origin.HOME))
            case InvoiceLink(number):
                invoice = await ctx.actions.find_own_invoice(ctx.client, number)
                await ctx.open(OpenInvoice(invoice, origin=Origin.HOME))
            case Greeting():
                await (desk.show(ctx) if ctx.is_staff else menu.home(ctx))
    except NotFoundError as error:
        ctx.pending_note = sentence(ctx.t, error)
        await menu.home(ctx)


def _link_in(words: str) -> DeepLink:
    code = code_in(words, is_asked=False)
    return CodeLink(code) if code else Greeting()
