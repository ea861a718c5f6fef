"""What is said of a cancellation: to the operator, and to the users of the account."""

from billing.ports.outbox import Notification
from billing.rules.services.service import Service
from billing.views.notices.operator import (
    CancellationRequested,
    CancellationWithdrawn,
)
from billing.views.notices.services import (
    CancellationAccepted,
    CancellationNews,
    CancellationRejected,
    CancellationTakenBack,
    ServiceCancelled,
    name_service,
)
from billing.views.services import Cancellation


def tell_of_request(
    cancellation: Cancellation,
    service: Service,
    by_user: int | None,
    *,
    task_id: int | None = None,
    ends_it: bool = False,
    can_withdraw: bool = True,
) -> list[Notification]:
    """A request: it waits for the operator, and the other users of the account may undo it.

    With a `task_id` it is one of their tasks; where the panel `ends_it`, they only read it.
    """
    named = name_service(service)
    to_operator = CancellationRequested(
        cancellation.client_id, cancellation.id, named, cancellation.when, cancellation.reason,
        effective_on=cancellation.effective_on, task_id=task_id, ends_it=ends_it,
    )  # fmt: skip
    news = CancellationNews(
        named,
        cancellation.when,
        cancellation.effective_on,
        ends_it=ends_it,
        can_withdraw=can_withdraw,
    )
    return [
        Notification(f"cancellation:{cancellation.id}", to_operator),
        Notification(
            f"cancellation-news:{cancellation.id}",
            news,
            client_id=cancellation.client_id,
            not_user=by_user,
        ),
    ]


def tell_of_withdrawal(
    cancellation: Cancellation, service: Service, by_user: int | None
) -> list[Notification]:
    """A request that was taken back."""
    client_id = cancellation.client_id
    return [
        Notification(
            f"withdrawn:{cancellation.id}", CancellationWithdrawn(client_id, cancellation.id)
        ),
        Notification(
            f"cancellation-back:{cancellation.id}",
            CancellationTakenBack(name_service(service)),
            client_id=client_id,
            not_user=by_user,
        ),
    ]


def tell_of_decision(
    cancellation: Cancellation, service: Service, *, accept: bool, reason: str
) -> Notification:
    """The operator's answer; a no has their reason, if they gave one."""
    key, named = f"decided:{cancellation.id}", name_service(service)
    if not accept:
        rejected = CancellationRejected(named, reason)
        return Notification(key, rejected, client_id=service.client_id)
    notice = CancellationAccepted(named, cancellation.when, cancellation.effective_on)
    return Notification(key, notice, client_id=service.client_id)


def tell_of_end(cancellation: Cancellation, service: Service) -> Notification:
    """The end of the service."""
    notice = ServiceCancelled(name_service(service))
    return Notification(f"cancelled:{cancellation.id}", notice, client_id=service.client_id)
