"""An account of any size: services in the cart, on an unpaid proforma, and on neither."""

from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from billing.actions.registry import Actions
from billing.rules.access.link_codes import hash_code
from billing.rules.cycles import BillingCycle
from billing.views.account import ClientInfo, Visitor
from billing.views.services import CancelWhen
from tests.billing.actions.company import (
    ANNA,
    CREDIT,
    PL,
    TELEGRAM,
    CompanyAtWork,
    catalogue,
    load_company,
    make_company,
)
from tests.database import Fill, connect, file_at
from tests.make import STAFF, topic
from tests.storage.company import service_row

MONTHLY = BillingCycle.MONTHLY


@dataclass(frozen=True, slots=True)
class Account:
    """What there is to act on; `free` is a service in no cart and on no proforma, `ticked` one in
    the cart by `line`, `ending` one with an open request to cancel it.

    `order` waits for the operator; `invoice` is unpaid, its attempt in Telegram is `payment`;
    `code` is the hash of a fresh link code.
    """

    company: CompanyAtWork
    anna: ClientInfo
    visitor: Visitor
    free: int
    ticked: int
    line: int
    revision: int
    seal: int
    ending: int
    request: int
    order: int
    invoice: int
    number: str
    payment: int
    code: str

    @property
    def actions(self) -> Actions:
        """The verbs."""
        return self.company.actions


async def _fill(company: CompanyAtWork, size: int) -> None:
    actions = company.actions
    await company.publishes(catalogue(topics=(topic(),)))
    await actions.adjust_credit("anna", "100000.00", by=STAFF)
    anna = await company.client()
    chosen = [(company.number(addon), MONTHLY) for addon in ("ssl", "ip")]
    start = company.number("start")
    await actions.add_product(
        anna, PL, product_number=start, cycle=MONTHLY, name="nowa.example", addons=chosen
    )
    await company.place(gateway=CREDIT)
    for number in await company.owns(*(service_row(f"I{n}") for n in range(size))):
        await actions.add_renewal(anna, PL, number)
    await company.place(gateway=TELEGRAM)
    for number in await company.owns(*(service_row(f"T{n}") for n in range(size))):
        await actions.add_renewal(anna, PL, number)
    _, ending, *_ = await company.owns(*(service_row(f"F{n}") for n in range(size)))
    await actions.request_cancellation(anna, ending, when=CancelWhen.NOW, reason="")


async def load_account(url: str, *, size: int) -> None:
    """Fill a database with such an account."""
    await load_company(url)
    database = await connect(url)
    try:
        await _fill(make_company(database), size)
    finally:
        await database.close()


@cache
def account_of(size: int) -> Fill:
    """The same for one size."""
    return partial(load_account, size=size)


def prepare_account(path: Path, size: int) -> None:
    """Write the database of such an account; call it outside of an event loop."""
    file_at(path, account_of(size))


async def open_account(company: CompanyAtWork) -> Account:
    """Look up what there is; the catalogue is in this process's hands from now on."""
    ids, anna = await company.ids(), await company.client()
    ((asked, _, _),) = await company.actions.list_cancellations()
    (order,) = await company.actions.list_orders()
    (unpaid,) = (await company.actions.list_invoices(anna, is_open=True)).invoices
    cart = await company.actions.show_cart(anna, PL)
    async with company.database.work.reading() as uow:
        attempt = await uow.payments.open_of(unpaid.id, "telegram")
    assert attempt is not None
    code, _ = await company.actions.issue_link_code("john", by=STAFF)
    return Account(
        company=company,
        anna=anna,
        visitor=await company.actions.identify(ANNA),
        free=ids["F0"],
        ticked=ids["T0"],
        line=cart.cart.lines[0].id,
        revision=cart.cart.revision,
        seal=cart.quoted_cart.seal,
        ending=ids["F1"],
        request=asked.id,
        order=order.service.id,
        invoice=unpaid.id,
        number=unpaid.number,
        payment=attempt.id,
        code=hash_code(code),
    )
