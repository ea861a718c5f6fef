"""A service is ended with what belongs to it, and with nothing else."""

from typing import Any

from billing.views.notices.panel import NotCarriedOut
from tests.contract.companies import JAN, Beside

HOSTING, CARE, SPACE = 2, 3, 6
DOMAIN = 1


async def joins(company: Beside, product: int, parent: int = 1, **values: Any) -> int:
    """Another order in the group of one, as a cart with both leaves it there: not the master."""
    made = await company.panel.http.write(
        "admin/order/create",
        client_id=1,
        product_id=product,
        period=values.pop("period", "1M"),
        group_id=company.world.order(parent).group_id,
        activate=1,
        **values,
    )
    return int(made)


def status(company: Beside, *orders: int) -> list[str]:
    return [company.world.order(number).status for number in orders]


async def ends(company: Beside, name: str = "1") -> None:
    """Read what is there, then cancel and let it be done."""
    company.panel.reading.addons.finish()
    await company.reads_all()
    company.troubles.begin()
    await company.cancels(name, JAN)
    await company.settles()
    assert await company.calls() == []


async def told(company: Beside) -> str:
    (notice,) = await company.alerts()
    assert isinstance(notice, NotCarriedOut)
    return notice.trouble


class TestOneCart:
    async def test_a_domain_of_the_same_cart_stays(self, beside: Beside) -> None:
        """The panel would delete it at the registrar."""
        config = {
            "action": "register", "register_sld": "jan", "register_tld": ".pl",
            "register_years": 1,
        }  # fmt: skip
        domain = await joins(beside, DOMAIN, period="1Y", config=config)
        await ends(beside)
        assert status(beside, 1, 2, domain) == ["canceled", "canceled", "active"]
        assert beside.troubles.writes == ["order/cancel", "order/cancel"]
        assert await beside.alerts() == []

    async def test_a_second_service_of_the_same_cart_stays(self, beside: Beside) -> None:
        waiting = await joins(beside, CARE)
        beside.world.order(waiting).status = "pending_setup"
        running = await joins(beside, CARE)
        beside.world.product(CARE)["addons"] = []
        await ends(beside)
        assert status(beside, 1, 2) == ["canceled", "canceled"]
        assert status(beside, running, waiting) == ["active", "pending_setup"]
        assert await beside.alerts() == []

    async def test_an_addon_that_may_be_of_another_service_stays_and_is_told_of(
        self, beside: Beside
    ) -> None:
        """Two equal services of one cart: nothing says to which of them an add-on belongs."""
        config = {"domain": {"action": "owndomain", "owndomain_sld": "b", "owndomain_tld": ".pl"}}
        second = await joins(beside, HOSTING, config=config)
        await ends(beside)
        assert status(beside, 1, 2, second) == ["canceled", "active", "active"]
        assert await told(beside) == "order 2 (Dodatkowe 10 GB) may belong to order 1 and runs on"

    async def test_a_second_service_that_is_ended_tells_of_what_may_be_its_addon(
        self, beside: Beside
    ) -> None:
        second = await joins(beside, CARE)
        await ends(beside, str(second))
        assert status(beside, 1, 2, second) == ["active", "active", "canceled"]
        assert await told(beside) == (
            f"order 2 (Dodatkowe 10 GB) may belong to order {second} and runs on"
        )

    async def test_an_addon_that_the_product_has_no_more_stays_and_is_told_of(
        self, beside: Beside
    ) -> None:
        beside.world.product(HOSTING)["addons"] = []
        await ends(beside)
        assert status(beside, 1, 2) == ["canceled", "active"]
        assert await told(beside) == "order 2 (Dodatkowe 10 GB) may belong to order 1 and runs on"
