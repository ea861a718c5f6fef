"""Looking ahead: the costs of a year, and the due dates for a calendar."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.actions.shop.pricing_inputs import make_pricing_inputs
from billing.rules.shop.forecast import Forecast, forecast
from billing.views.account import ClientInfo
from billing.views.calendar import DueCalendar


@dataclass(frozen=True, slots=True)
class ShowCosts:
    """What a client will have to pay in the next twelve months."""

    env: Environment

    async def __call__(self, client: ClientInfo, language: str) -> Forecast:
        """Foresee it: two statements."""
        async with self.env.work.reading() as uow:
            own_services = await uow.services.live(client.id)
            catalog = await uow.catalogs.current()
        pricing = make_pricing_inputs(self.env, client, catalog, own_services, language=language)
        return forecast(pricing)


@dataclass(frozen=True, slots=True)
class ListDueDates:
    """The due dates of everything a client owes, to be put into a calendar."""

    env: Environment

    async def __call__(self, client: ClientInfo, language: str) -> DueCalendar:
        """List them: three statements."""
        today = self.env.today()
        async with self.env.work.reading() as uow:
            own_services = await uow.services.live(client.id)
            ended = await uow.services.ended(client.id, due_from=today)
            catalog = await uow.catalogs.current()
        coming_year = forecast(
            make_pricing_inputs(self.env, client, catalog, own_services, language=language)
        )
        due = {upcoming.service.id for upcoming in coming_year.services}
        others = (o.service for o in own_services if o.service.id not in due)
        return DueCalendar(
            company=catalog.company.name,
            made_at=self.env.now(),
            upcoming=tuple(upcoming for upcoming in coming_year.services if upcoming.dates),
            withdrawn=(
                *(s for s in others if s.next_due_date and s.next_due_date >= today),
                *ended,
            ),
            undated=coming_year.undated,
            is_estimate=coming_year.is_estimate,
        )
