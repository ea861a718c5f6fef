"""The composition root: the only module that knows all parts.

`open_core` joins billing with the database, for commands that need no Telegram; `Bot` adds the
conversations, the ways in and out, and the ticks.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from pydantic import SecretStr
from telegram.ext import ApplicationBuilder, ContextTypes
from telegram.request import BaseRequest

from billing.actions.environment import Environment, Terms, random_digits
from billing.actions.registry import Actions, make_actions
from billing.ports.connected import ConnectedPanel
from billing.ports.outside import Clock, Mailer, Notifier, PaymentGateway
from billing.ports.panel import Panel
from bot.clock import SystemClock
from bot.documents.drawing import Drawing
from bot.gateways.bank import bank_gateway
from bot.gateways.telegram import CODE as TELEGRAM
from bot.gateways.telegram import telegram_gateway
from bot.gateways.telegram_notices import TelegramNotices
from bot.inbox import TelegramInbox
from bot.mail import SmtpMailer
from bot.mail_server import read_server
from bot.masking import Mask
from bot.metrics.calls import CallCounts, MeasuredLimiter, MeasuredUpdates
from bot.metrics.meter import Meter
from bot.metrics.panel import PanelRequests
from bot.metrics.updates import MeasuredGate, MeasuredMoney
from bot.outage import Outage
from bot.outside_panels import PANELS, outside_panel
from bot.panels import embedded
from bot.panels.deferred import deferred
from bot.settings import Settings
from bot.settings_of_panel import MirrorScope
from bot.telegram.money import MoneyInbox
from bot.telegram.pacing import Pace, PacedRateLimiter
from bot.telegram.transport import AiohttpRequest
from bot.turns import note_failure, note_statement
from bot.version import VERSION
from bot.web.address import pay_pages
from handlers import routes
from handlers.chat.conversation.context import Context, PanelikApplication
from handlers.chat.conversation.deps import ChatConfig, Deps
from handlers.chat.updates.gate_replies import GateReplies
from handlers.chat.updates.refreshing import Refresher
from handlers.notices.notifier import ChatNotifier
from storage.database import Database
from storage.numbers import Numbers

STARS_WARNING = (
    "PANELIK_PROVIDER_TOKEN is set: clients can pay inside Telegram. Telegram's terms (6.2) let "
    "digital goods and services be sold for Telegram Stars only. Whether hosting is one is yours "
    "to judge; a bot that breaks the terms can be closed."
)


@dataclass(slots=True)
class Core:
    """The actions on an open database; `notifier` is set once there is a bot to send with."""

    settings: Settings
    clock: Clock
    database: Database
    actions: Actions = field(init=False)
    meter: Meter = field(init=False)
    notifier: Notifier | None = None
    digits: Callable[[], int] = random_digits
    panel: Panel = field(default_factory=embedded.panel)
    connected: ConnectedPanel | None = None
    outage: Outage = field(init=False)

    def __post_init__(self) -> None:
        self.outage = Outage(self.database.probe.write)
        self.meter = Meter(self.clock, VERSION)
        self.actions = make_actions(
            Environment(
                self.database.work,
                self.clock,
                terms_of(self.settings),
                self.digits,
                link_secret=_secret(self.settings.link_secret),
                pay_pages=pay_pages(
                    self.settings.public_url or "", self.settings.bot_token.get_secret_value()
                ),
            ),
            panel=self.panel,
            connected=self.connected,
            mirrors_everybody=self.settings.panel_mirror is MirrorScope.ALL,
            gateways=gateways_of(self.settings),
            notifier=self._notifier,
            readers={TELEGRAM: TelegramNotices()},
            mailer=mailer_of(self.settings, self.clock),
            in_flight=self.settings.in_flight,
        )

    @property
    def has_pay_pages(self) -> bool:
        """Whether it serves pages from which clients go on to where the panel is paid."""
        return bool(self.settings.public_url) and self.panel.capabilities.pays_there

    async def numbers(self) -> Numbers:
        """Read what waits in the database and how long, as of now."""
        now = self.clock.now()
        today = now.astimezone(self.settings.zone).date()
        return await self.database.numbers.read(now, today)

    def _notifier(self) -> Notifier:
        if self.notifier is None:
            raise RuntimeError("messages are sent by a running bot")
        return self.notifier


def terms_of(settings: Settings) -> Terms:
    """The settings that billing needs."""
    return Terms(
        timezone=settings.zone,
        currency=settings.currency,
        tax_rate=settings.tax_basis_points,
        prices_include_tax=settings.prices_include_tax,
        invitations=settings.invitations,
        tell_payments=settings.tell_payments,
        fresh_code_after=settings.fresh_code_after,
    )


def gateways_of(settings: Settings) -> Sequence[PaymentGateway]:
    """Bank transfer, and Telegram's invoice if its token is set."""
    gateways = [bank_gateway()]
    if settings.provider_token:
        gateways.append(telegram_gateway())
    return tuple(gateways)


def mailer_of(settings: Settings, clock: Clock) -> Mailer | None:
    """The way to the mail server; None where there is none."""
    if settings.smtp_url is None:
        return None
    server = read_server(settings.smtp_url.get_secret_value())
    return SmtpMailer(server, settings.mail_from, clock)


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""


@asynccontextmanager
async def open_core(
    settings: Settings,
    *,
    clock: Clock | None = None,
    digits: Callable[[], int] = random_digits,
    panel: Panel | None = None,
    connected: ConnectedPanel | None = None,
    migrate: bool = True,
    make: bool = True,
) -> AsyncIterator[Core]:
    """Open the database of the settings; DatabaseError says in plain words what is wrong.

    `connected` is a panel outside; without one, and without a `panel`, it is that of the settings.
    If `make` is False, a missing database is an error.
    """
    clock = clock or SystemClock()
    async with AsyncExitStack() as closing:
        outside = None
        if panel is None and connected is None:
            outside = await closing.enter_async_context(outside_panel(settings, clock))
            connected = outside.guarded if outside else None
        if panel is None:
            panel = PANELS[settings.panel]() if connected is None else deferred(connected)
        url = settings.database_url.get_secret_value()
        database = await Database.open(url, migrate=migrate, make=make, bot_id=settings.bot_id)
        closing.push_async_callback(database.close)
        database.engines.on_statement(note_statement)
        core = Core(settings, clock, database, digits=digits, panel=panel, connected=connected)
        closing.push_async_callback(core.outage.close)
        if outside is not None:
            outside.observe(PanelRequests(core.meter).note)
            outside.share(database.panel_hours, clock)
        yield core


def make_application(
    core: Core, *, request: BaseRequest | None = None, pace: Pace | None = None
) -> PanelikApplication:
    """Build the bot's application; tests pass their own `request` and a quicker `pace`."""
    settings = core.settings
    deps = Deps(
        actions=core.actions,
        clock=core.clock,
        conversations=core.database.conversations,
        draw=Drawing(),
        on_incident=note_failure,
        config=ChatConfig(
            timezone=settings.zone,
            provider_token=_secret(settings.provider_token),
            operator_chat=settings.operator_chat,
            operator_language=settings.operator_language,
            staff=settings.staff,
            links_by_email=settings.smtp_url is not None,
        ),
    )
    request, gate = request or make_request(settings), MeasuredGate(core.meter)
    calls = CallCounts(core.meter)
    paced = PacedRateLimiter(pace or Pace(bulk_per_second=settings.bulk_per_second))
    # No Defaults: PTB would also add them to calls that do not take them, such as sendInvoice.
    builder = (
        ApplicationBuilder()
        .application_class(PanelikApplication, {"deps": deps})
        .context_types(ContextTypes(context=Context))
        .token(settings.bot_token.get_secret_value())
        .base_url(settings.bot_api_base)
        .base_file_url(settings.bot_file_base)
        .request(request)
        .get_updates_request(MeasuredUpdates(request, calls))
        .rate_limiter(MeasuredLimiter(paced, calls, core.meter))
        .concurrent_updates(gate)
        .updater(None)
        .job_queue(None)
    )
    application = builder.build()
    assert isinstance(application, PanelikApplication)  # noqa: S101 - what application_class made
    routes.build(application)
    gate.replies = gate.attempts.replies = GateReplies(application)
    gate.attempts.on_stopped = application.process_error
    gate.attempts.outage = core.outage
    gate.handle_again(application.process_update)
    if core.connected is not None:
        application.refresher = Refresher(application, gate.when_idle)
    core.notifier = ChatNotifier(
        application.bot,
        operator_chat=settings.operator_chat,
        operator_t=deps.config.operator_t,
        timezone=settings.zone,
        conversations=deps.conversations,
        is_staffed=bool(settings.staff),
    )
    return application


def money_inbox(core: Core) -> MoneyInbox:
    """Return the inbox for updates that carry money; needs the notifier of an application."""
    if core.notifier is None:
        raise RuntimeError("the payer is told by a running bot")
    return MeasuredMoney(
        TelegramInbox(core.actions, core.notifier, core.clock, core.outage.note), core.meter
    )


def make_request(settings: Settings) -> BaseRequest:
    """Make the pooled transport; it hides the secrets of the settings in error pages."""
    proxy = settings.proxy_url
    return AiohttpRequest(
        proxy=proxy.get_secret_value() if proxy else None, hide=Mask(settings.hidden).hide_bytes
    )
