"""Services that are planned together are each planned as if they were alone."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from billing.actions.reminders.item_plans import service_plans, stages_of
from billing.ports.reminders.items import DueService, PlannedItems
from billing.rules.reminders.stages import ReminderItem, ReminderPolicy, plan_stages
from billing.rules.shop.catalog import Catalog, Policy
from tests.billing.rules.strategies import recurring_cycles
from tests.make import TODAY, addon, catalog, product

days = st.integers(-60, 60).map(lambda day: TODAY + timedelta(days=day))
policies = st.builds(
    ReminderPolicy,
    stages=st.lists(st.integers(-20, 40), max_size=6).map(tuple),
    catch_up_days=st.integers(0, 9),
)
catalogs = st.builds(
    lambda own, usual: catalog(
        product(reminder_policy=own), addon(), policy=Policy(reminders=usual)
    ),
    st.none() | policies,
    policies,
)
due_services = st.builds(
    DueService,
    id=st.integers(1, 9),
    client_id=st.just(1),
    product_id=st.sampled_from(["start", "ssl", "withdrawn"]),
    cycle=recurring_cycles,
    due_date=days,
    known_since=days,
)


def alone(service: DueService, catalog: Catalog, today: date) -> PlannedItems:
    """What one service is planned, by the rule itself."""
    plan = plan_stages(
        service.due_date,
        stages_of(service.product_id, service.cycle, catalog),
        today=today,
        known_since=service.known_since,
        catch_up_days=catalog.reminder_policy(service.product_id).catch_up_days,
    )
    stages = dict(plan.skipped) | ({} if plan.send is None else {plan.send: None})
    return {
        ReminderItem(service.client_id, service.due_date, str(stage), service.id): reason
        for stage, reason in stages.items()
    }


@given(catalogs, st.lists(due_services, max_size=20))
def test_it_does_not_matter_what_was_planned_before(
    catalog: Catalog, services: list[DueService]
) -> None:
    plan = service_plans(catalog, TODAY)
    for service in services:
        assert plan(service) == alone(service, catalog, TODAY)
