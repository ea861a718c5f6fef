"""The company loads its data again while a client has an unpaid proforma."""

from datetime import date

import pytest

from billing.rules.loading.differences import ServiceRow
from billing.rules.services.service import Service, ServiceStatus, SuspendedFor
from tests.billing.actions.company import Folder
from tests.database import on_both_stores
from tests.make import STAFF, known
from tests.person import Person
from tests.stories.acts import service_of
from tests.world import World

pytestmark = on_both_stores


async def load(world: World, service: Service, due: date) -> None:
    """Load a service that is paid until another day, as the company's own system says."""
    row = ServiceRow(
        ref=service.ref,
        client="C-1001",
        product=service.product_id,
        parent="",
        name=service.name,
        domain=service.domain,
        first_amount=known(service.first_amount),
        amount=known(service.amount),
        cycle=service.cycle,
        registered_on=service.registered_on,
        next_due_date=due,
        anchor_day=due.day,
        status=ServiceStatus.SUSPENDED,
        suspended_for=SuspendedFor.NON_PAYMENT,
    )
    catalog = await world.core.actions.show_catalog()
    await world.core.actions.load_company(
        Folder(catalog, (), (row,)), replace_state=True, by=STAFF
    )


@pytest.mark.slow
async def test_what_was_paid_elsewhere_closes_the_proforma_and_keeps_the_rest(
    world: World, anna: Person
) -> None:
    await anna.sends("/renew")
    await anna.taps("☐", row=0)
    await anna.taps("2 ›")
    await anna.taps("☐ Kopia za")
    await anna.taps("Zapłać 51,90 zł")
    await anna.taps("Przelew bankowy")
    await anna.taps("Zamawiam i płacę")
    service = await service_of(world, anna, "Hosting Obłok")
    await load(world, service, date(2027, 3, 23))
    await world.passes(minutes=1)
    anna.sees(
        "jest zamknięta",
        "Hosting Obłok · żółw.example",
        "Jest już opłacone do 23 mar 2027.",
        "Prosimy nie płacić tej proformy.",
        "Pozostałe pozycje są znów w koszyku.",
    )
    await anna.taps("Koszyk")
    anna.sees("9,90 zł")
    anna.does_not_see("Hosting Obłok")
    await anna.sends("/menu")
    await anna.taps("Płatności i proformy")
    anna.does_not_see("51,90 zł")
