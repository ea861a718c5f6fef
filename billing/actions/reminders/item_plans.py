"""What is planned on a day for one service, or for one unpaid proforma."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from billing.actions.environment import Environment
from billing.ports.reminders.items import DueService, OpenProforma, PlannedItems
from billing.rules.cycles import BillingCycle
from billing.rules.reminders.stages import (
    ReminderItem,
    ReminderReason,
    StagePlan,
    plan_stages,
)
from billing.rules.services.service import Service
from billing.rules.shop.catalog import Catalog

Stages = tuple[tuple[str, ReminderReason | None], ...]
"""Stages of a plan by their keys, with the reason where one is not sent."""


def due_service(service: Service) -> DueService:
    """What planning needs of a service that is owed on some day."""
    due_date = service.next_due_date
    assert due_date is not None  # noqa: S101 - only what is owed on a day has stages
    return DueService(
        service.id, service.client_id, service.product_id, service.cycle, due_date,
        service.loaded_on or service.registered_on,
    )  # fmt: skip


def service_plans(catalog: Catalog, today: date) -> Callable[[DueService], PlannedItems]:
    """Return what plans a service: the item to send today, if any, and those it missed.

    The stages are computed once for all services of a product and cycle with the same due date.
    """
    longest = timedelta(days=catalog.reminder_horizon[0])

    @cache
    def stages(product_id: str, cycle: BillingCycle, due_date: date, known_since: date) -> Stages:
        plan = plan_stages(
            due_date,
            stages_of(product_id, cycle, catalog),
            today=today,
            known_since=known_since,
            catch_up_days=catalog.reminder_policy(product_id).catch_up_days,
        )
        return _stages(plan)

    def items(service: DueService) -> PlannedItems:
        due_date = service.due_date
        # Before the earliest stage of all, it does not matter since when a service is known.
        known_since = max(service.known_since, due_date - longest)
        planned = stages(service.product_id, service.cycle, due_date, known_since)
        client_id, id_ = service.client_id, service.id
        return {ReminderItem(client_id, due_date, stage, id_): reason for stage, reason in planned}

    return items


def plan_proforma(
    env: Environment, proforma: OpenProforma, catalog: Catalog, today: date
) -> PlannedItems:
    """The same for an unpaid proforma; nobody is reminded of it on the day it was made."""
    policy = catalog.policy.reminders
    made_on = proforma.created_at.astimezone(env.terms.timezone).date()
    plan = plan_stages(
        proforma.expires_on,
        policy.proforma_stages,
        today=today,
        known_since=made_on + timedelta(days=1),
        catch_up_days=policy.catch_up_days,
    )
    client_id, expires_on = proforma.client_id, proforma.expires_on
    return {
        ReminderItem(client_id, expires_on, stage, invoice_id=proforma.id): reason
        for stage, reason in _stages(plan)
    }


def stages_of(product_id: str, cycle: BillingCycle, catalog: Catalog) -> tuple[int, ...]:
    """The policy's stages for services of a product and cycle, earliest first."""
    window = catalog.policy.opens_days_before.get(cycle, 0)
    return catalog.reminder_policy(product_id).stages_for(cycle, opens_days_before=window)


def _stages(plan: StagePlan) -> Stages:
    to_send = () if plan.send is None else ((plan.send, None),)
    return tuple((str(stage), reason) for stage, reason in (*plan.skipped, *to_send))
