"""The writing contract on a real panel, with a client that is there for tests.

It orders a product with an add-on, pays, renews, pays from the balance and cancels, in the same
way as the bot, and looks after each write whether what it has made is recognised again. Nothing of
the client is printed. What it has bought stays with the client, cancelled.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from billing.ports.connected import CallSubject, Done, Refused, Unknown
from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.panel.panel_calls import Verb
from billing.rules.payments.invoices import Invoice
from billing.rules.services.service import Service
from billing.rules.shop.cart import LineKind
from bot.panels.fossbilling import plan
from bot.panels.fossbilling.offers import period_of
from bot.panels.fossbilling.orders import cycle_of
from bot.panels.fossbilling.panel import FossBilling
from bot.panels.fossbilling.probe_subjects import Subjects, client_of
from bot.panels.fossbilling.probe_words import words_of
from bot.panels.fossbilling.questions import Questions
from bot.panels.fossbilling.values import Row, id_of, money, row, rows, text


class ProbeFailedError(Exception):
    """Something is not as expected; the text says what, and names nobody."""


@dataclass(slots=True)
class WritingProbe:
    """Runs through everything that is written, for the client `ref`; `began` is now."""

    panel: FossBilling
    ref: str
    began: datetime
    lines: list[str] = field(default_factory=list)
    has_failed: bool = field(default=False, init=False)
    made: Subjects = field(init=False)
    _step: str = field(default="", init=False)
    _left: list[str] = field(default_factory=list, init=False)

    async def report(self) -> list[str]:
        """Do everything, and say what came of each step; it ends at the first that fails.

        A panel that was never tried may answer anything: what was done by then is said all the
        same, and what is left in the panel.
        """
        try:
            await self._all()
        except ProbeFailedError as error:
            self._fails(str(error))
        except Exception as error:  # noqa: BLE001 - the report is what is wanted
            self._fails(f"{self._step or 'at the start'}: {words_of(error)}")
        return self.lines

    def _fails(self, why: str) -> None:
        self.has_failed = True
        self.lines.append(f"FAILED: {why}")
        if self._left:
            self.lines.append(f"left in the panel, look at it there: {', '.join(self._left)}")

    async def _all(self) -> None:
        client = await self.panel.client(self.ref)
        if client is None:
            raise ProbeFailedError("the panel does not know this client")
        there = await self._ask.client(self.ref)
        if there is None or money(there.get("balance"), client.currency):
            raise ProbeFailedError("the client's balance has to be 0: renewals would spend it")
        self.made = Subjects(client_of(self.ref, client.currency), self.began)
        main, addon, invoice = await self._order()
        await self._pays(invoice)
        first = await self._date_of(main)
        service = self.made.service(main)
        await self._pays(await self._renewal(service))
        second = await self._date_of(main)
        self.lines.append(f"a renewal moves the date from {first} to {second}")
        await self._pays_from_balance(service)
        self.lines.append(f"one from the balance moves it to {await self._date_of(main)}")
        await self._renewal(service)
        await self._cancel(service, (main, addon))

    async def _order(self) -> tuple[str, str, str]:
        """The ids there of a new service, its add-on and their invoice."""
        product, addon, cycle, its_cycle = await self._choose()
        order = self.made.order(
            self.made.quote(1, LineKind.PRODUCT, "product", cycle),
            self.made.quote(2, LineKind.ADDON, "addon", its_cycle, parent_line=1),
        )
        products = {"product": str(id_of(product["id"])), "addon": str(id_of(addon["id"]))}
        made = await self._run(
            self.made.subject(
                Verb.PLACE_ORDER, plan.CHECK, order=order, products=products
            ), "order",
        )  # fmt: skip
        main, below = plan.numbers_made(made, plan.ORDER)
        (invoice,) = plan.numbers_made(made, plan.INVOICE)
        return main, below, invoice

    async def _choose(self) -> tuple[Row, Row, BillingCycle, BillingCycle]:
        """A product of the type custom with an add-on, both with a price for some period."""
        listed = row(await self.panel.http.read("admin/product/get_list", per_page=100))
        for one in rows(listed.get("list")):
            product = await self._ask.product(str(id_of(one["id"])))
            if product is None or product.get("type") != "custom" or not (its := _cycle(product)):
                continue
            for each in rows(product.get("addons")):
                addon = await self._ask.product(str(id_of(each["id"])))
                cycle = _cycle(addon) if addon else None
                if addon is not None and cycle is not None:
                    return product, addon, its, cycle
        raise ProbeFailedError("there is no product of the type custom with a recurrent add-on")

    async def _renewal(self, service: Service) -> str:
        """The id there of an open invoice for the next period."""
        quote = self.made.quote(
            1, LineKind.RENEWAL, "product", service.cycle, service_id=service.id
        )
        order = self.made.order(quote)
        subject = self.made.subject(Verb.PLACE_ORDER, plan.CHECK, order=order, service=service)
        (invoice,) = plan.numbers_made(await self._run(subject, "renewal"), plan.INVOICE)
        step = plan.step_of(plan.RENEW, quote)
        again = self.made.subject(Verb.PLACE_ORDER, step, order=order, service=service)
        if f'"invoice":{invoice}' not in await self.panel.prepare(again):
            raise ProbeFailedError("an open renewal invoice is not found again")
        return str(invoice)

    async def _pays(self, number: str) -> None:
        invoice = await self._invoice(number)
        subject = self.made.subject(
            Verb.RECORD_PAYMENT, "", invoice=invoice, payment=self.made.payment(invoice),
            amount=invoice.gross,
        )  # fmt: skip
        await self._run(subject, "payment")
        if '"there":true' not in await self.panel.prepare(subject):
            raise ProbeFailedError("a payment is not recognised by its number")

    async def _pays_from_balance(self, service: Service) -> None:
        """Put the price on the balance once the invoice is made: making it would spend it."""
        invoice = await self._invoice(await self._renewal(service))
        money_comes = self.made.subject(Verb.ADD_BALANCE, "", amount=invoice.gross)
        await self._run(money_comes, "money to the balance")
        subject = self.made.subject(Verb.PAY_BALANCE, "", invoice=invoice)
        await self._run(subject, "payment from the balance")

    async def _cancel(self, service: Service, numbers: tuple[str, str]) -> None:
        first = self.panel.first_step(Verb.CANCEL_SERVICE)
        await self._run(
            self.made.subject(Verb.CANCEL_SERVICE, first, service=service), "cancellation"
        )
        for number in numbers:
            await self._date_of(number, "canceled")
            if await self._ask.invoices_of(number, "unpaid"):
                raise ProbeFailedError("an invoice of what was cancelled is still open")
        self.lines.append("all of it is cancelled, and nothing is left to pay for it")

    async def _invoice(self, number: str) -> Invoice:
        seen = await self._ask.invoice(number)
        gross: Money | None = None
        if seen is not None:
            gross = money(seen.get("total"), self.made.client.currency)
        if gross is None:
            raise ProbeFailedError("an invoice has no total in the client's currency")
        return self.made.invoice(number, gross)

    async def _date_of(self, number: str, status: str = "active") -> str:
        order = await self._ask.order(number)
        now = text(order.get("status")) if order else "gone"
        if order is None or now != status:
            raise ProbeFailedError(f"an order is {now} instead of {status}")
        return text(order.get("expires_at"))

    async def _run(self, subject: CallSubject, name: str) -> CallSubject:
        """Carry a call out to its end, and see that each of its writes is recognised again."""
        made: dict[str, str] = {}
        while True:
            call = subject.call
            self._step = step = f"{name}, {call.step}" if call.step else name
            call = replace(call, facts=await self.panel.prepare(subject))
            subject = replace(subject, call=call)
            answer = await self.panel.carry_out(subject)
            if not isinstance(answer, Done):
                raise ProbeFailedError(f"{step}: {_words(answer)}")
            found = await self.panel.find_out(subject)
            if not isinstance(found, Done) or found.ref != answer.ref:
                raise ProbeFailedError(f"{step}: it is not recognised again")
            self.lines.append(f"{step}: done{'; ' + answer.trouble if answer.trouble else ''}")
            made[call.step] = answer.ref
            self._note_left(answer.ref)
            subject = replace(subject, made=dict(made))
            if answer.then is None:
                return subject
            following = replace(call, step=answer.then.step, ref=answer.then.ref)
            subject = replace(subject, call=following)

    def _note_left(self, ref: str) -> None:
        """Remember an order or invoice there; cancelling is the last that is done."""
        if ref.startswith((plan.ORDER, plan.INVOICE)) and ref not in self._left:
            self._left.append(ref)

    @property
    def _ask(self) -> Questions:
        return Questions(self.panel.http, self.panel.reading.addons)


def _words(answer: Refused | Unknown) -> str:
    if isinstance(answer, Refused):
        return f"refused ({answer.code})"
    return f"nobody knows ({answer.error})"


def _cycle(product: Row) -> BillingCycle | None:
    """The first period of a product with a price."""
    pricing = row(product.get("pricing"))
    if pricing.get("type") != "recurrent":
        return None
    for period, offer in row(pricing.get("recurrent")).items():
        cycle = cycle_of(period)
        if offer.get("enabled") and offer.get("price") and period_of(cycle) == period:
            return cycle
    return None
