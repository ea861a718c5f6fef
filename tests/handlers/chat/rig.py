"""A small topic, notes, on the real application: for tests of what all conversations share."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast
from zoneinfo import ZoneInfo

from markupsafe import Markup
from telegram.ext import Application, ContextTypes

from billing.actions.registry import Actions
from billing.ports.conversations import Talk
from billing.rules.allowed import EVERYTHING
from billing.rules.errors import InvalidInputError, NotFoundError
from billing.rules.money import Money
from billing.views.account import ClientInfo, Visitor
from bot.documents.drawing import Drawing
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import Profile
from handlers.chat.conversation.context import Context, PanelikApplication
from handlers.chat.conversation.deps import ChatConfig, Deps
from handlers.chat.conversation.drafts import as_int
from handlers.chat.screens.codec import Small, StaleButton, button
from handlers.chat.screens.screen import Button, FileScreen, InvoiceScreen, Pay, Screen
from handlers.chat.screens.widgets import cancel, lines, number_rows
from handlers.chat.updates.routing import Command, PreCheckout, Routes, Step, tap
from handlers.chat.updates.wiring import register
from locales.text import Plain
from tests.drivers import InProcess
from tests.fakes import MemoryConversations, StillClock
from tests.person import Person
from tests.telegram import FakeRequest

ANNA = 1001
GUEST = 1004
WARSAW = ZoneInfo("Europe/Warsaw")
NAME = "notes.name"


@button("zn1")
class OpenNotes:
    page: Small = 0


@button("zn2")
class RenameNote:
    note: int


@button("zn3")
class Do:
    """Carry out one of the rig's `deeds`, by its number."""

    deed: Small


@button("zn4")
class Unrouted:
    pass


async def no_work() -> None:
    pass


@dataclass
class Core:
    """What the rig has in the place of billing's actions."""

    visitors: dict[int, Visitor] = field(default_factory=dict)
    blocked: dict[int, bool] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=lambda: {1: "Milk", 2: "Bread"})
    renames: list[str] = field(default_factory=list)
    work: Callable[[], Awaitable[None]] = no_work
    """What a slow handler waits for."""
    broken: int = 0

    async def identify(self, user_id: int) -> Visitor:
        if self.broken:
            self.broken -= 1
            raise OSError("the database is away")
        return self.visitors.get(user_id, Visitor(user_id))

    async def note_blocked(self, user_id: int, *, blocked: bool) -> None:
        self.blocked[user_id] = blocked

    async def rename(self, note: int, name: str) -> None:
        if note not in self.names:
            raise NotFoundError
        if len(name) > 10:
            raise InvalidInputError("label_too_long", limit=10)
        self.names[note] = name
        self.renames.append(name)


def core(ctx: Context) -> Core:
    return cast("Core", ctx.actions)


def screen(ctx: Context) -> Screen:
    names = core(ctx).names
    return Screen(
        lines(Markup("<b>Notes</b>"), *(f"{n}. {name}" for n, name in names.items())),
        (
            *number_rows([RenameNote(note) for note in names]),
            (
                Button(Plain("Stale"), Unrouted()),
                Button(Plain("Gone"), RenameNote(9)),
                Button(Plain("Again"), OpenNotes()),
            ),
            *number_rows([Do(deed) for deed in range(len(DEEDS))], first=10, width=8),
        ),
    )


async def open_notes(ctx: Context, _: OpenNotes) -> None:
    await ctx.show(screen(ctx))


async def home(ctx: Context) -> None:
    if ctx.args:
        ctx.pending_note = Plain(" ".join(ctx.args))
    name = ctx.client.name
    await ctx.show(
        Screen(Markup("Home of {}").format(name), ((Button(Plain("Notes"), OpenNotes()),),))
    )


async def unlinked(ctx: Context) -> None:
    await ctx.show(Screen(Markup("Please link")))


async def rename(ctx: Context, tapped: RenameNote) -> None:
    if tapped.note not in core(ctx).names:
        raise NotFoundError
    await ctx.begin({"note": tapped.note})
    await ask_name(ctx)


async def ask_name(ctx: Context) -> None:
    await ctx.draft()
    await ctx.ask(NAME, Screen(Markup("Which name?"), ((cancel(ctx.t, OpenNotes()),),)), note=None)


async def name_typed(ctx: Context, text: str) -> None:
    draft = await ctx.draft()
    await core(ctx).rename(as_int(draft.get("note")), text)
    ctx.pending_note = Plain("Renamed.")
    await open_notes(ctx, OpenNotes())


async def search(ctx: Context, text: str) -> None:
    view = await ctx.look(**{"notes.search": text})
    await ctx.show(Screen(Markup("Found: {}").format(str(view["notes.search"]))))


async def toast(ctx: Context) -> None:
    await ctx.toast(Plain("Noted."))


async def silent(_: Context) -> None:
    pass


async def slow(ctx: Context) -> None:
    await core(ctx).work()
    await ctx.show(screen(ctx), Plain("Done at last."))


async def broken(_: Context) -> None:
    raise ZeroDivisionError


async def refused(_: Context) -> None:
    raise InvalidInputError("label_too_long", limit=10)


async def stale_with_back(_: Context) -> None:
    raise StaleButton("gone", back=OpenNotes())


async def invoice(ctx: Context) -> None:
    await ctx.show(
        InvoiceScreen(
            Plain("PRO-1"),
            Plain("Hosting"),
            "p:1",
            "PLN",
            ((Plain("Hosting"), 12300),),
            ((Button(Plain("Pay"), Pay()),), (Button(Plain("Notes"), OpenNotes()),)),
        ),
        Plain("Here is the invoice."),
    )


async def file(ctx: Context) -> None:
    await ctx.show(
        FileScreen(
            Plain("żółte.txt"),
            "text/x-notes",
            b"Milk",
            Markup("<b>All notes</b>"),
            ((Button(Plain("Notes"), OpenNotes()),),),
        ),
        Plain("Here is the file."),
    )


DEEDS = (toast, silent, slow, broken, refused, stale_with_back, invoice, file)


async def do(ctx: Context, tapped: Do) -> None:
    await DEEDS[tapped.deed](ctx)


async def pre_checkout(_: Context, asked: PreCheckout) -> None:
    if asked.amount != 12300:
        raise NotFoundError("no_such_invoice")


async def failing(_: Context) -> None:
    raise ZeroDivisionError


async def late(ctx: Context, anew: OpenNotes) -> None:
    await ctx.show(Screen(Markup("Too late"), ((Button(Plain("Once more"), anew),),)))


ROUTES = Routes(
    home=home,
    unlinked=unlinked,
    search=search,
    late=late,
    commands=(Command("start", home), Command("fail", failing), Command("refuse", refused)),
    taps=(tap(OpenNotes, open_notes), tap(RenameNote, rename), tap(Do, do)),
    steps=(Step(NAME, answer=name_typed, again=ask_name, anew=OpenNotes()),),
    pre_checkout=pre_checkout,
)


@dataclass
class Rig:
    """The application, what it talks to, and the people who talk to it."""

    application: PanelikApplication
    api: BotApi
    core: Core
    store: MemoryConversations
    clock: StillClock
    driver: InProcess

    def person(self, user_id: int) -> Person:
        return Person(self.driver, self.api.world.people[user_id])

    def keyboard_id(self, user_id: int = ANNA) -> int | None:
        return self.store.rows[Talk(user_id, user_id)].keyboard_id


def make_rig(routes: Routes = ROUTES) -> Rig:
    """The rig, its application not yet initialized."""
    api, clock = BotApi(), StillClock()
    api.add_person(Profile(ANNA, "Anna", language_code="en"))
    api.add_person(Profile(GUEST, "Gil", language_code="en"))
    client = ClientInfo(
        id=7, ref="C-1", name="Anna", language="en", timezone="Europe/London",
        currency="PLN", tax_rate=None, credit=Money(0, "PLN"), rights=EVERYTHING,
    )  # fmt: skip
    core = Core({ANNA: Visitor(ANNA, client, linked=1)})

    async def identify(user_id: int) -> Visitor:
        return await core.identify(user_id)

    store = MemoryConversations(identify)
    deps = Deps(
        actions=cast("Actions", core),
        clock=clock,
        conversations=store,
        draw=Drawing(),
        config=ChatConfig(WARSAW, provider_token="1:TEST:2", patience=60.0),
    )
    builder: Any = Application.builder()
    application: PanelikApplication = (
        builder.token(TOKEN)
        .application_class(PanelikApplication, {"deps": deps})
        .context_types(ContextTypes(context=Context))
        .request(FakeRequest(api))
        .get_updates_request(FakeRequest(api))
        .updater(None)
        .job_queue(None)
        .build()
    )
    register(application, routes)
    return Rig(application, api, core, store, clock, InProcess(application, api))
