"""Reminders of clients whose panel was not read for long: put off, sent with less, or left out.

What is due may have been paid there meanwhile. A digest waits within its day; then it names what
is due by its date alone, as of the last reading. What is overdue by then is left out: nobody is
told to pay what may be paid.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from billing.actions.environment import Environment
from billing.ports.reminders.digests import DueDigest
from billing.ports.work import UnitOfWork
from billing.rules.panel.panel_state import PanelState
from billing.views.account import ClientInfo
from billing.views.reminders.digests import Digest

RECENT = timedelta(hours=2)
"""A copy that is not older says what is due."""

WAITS = timedelta(hours=4)
"""So long after its hour a digest waits for the panel."""

AGAIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old our copies of clients are; with the embedded panel none ever is old."""

    now: datetime
    state: PanelState | None = None

    def as_of(self, client: ClientInfo) -> datetime | None:
        """The instant of the copy where that is too long ago; None where it is not.

        None also for a client who was never read: of them there is no copy.
        """
        state = self.state
        if state is None or state.is_recent(client.sight, now=self.now, age=RECENT):
            return None
        return state.as_of(client.sight)


async def read_freshness(env: Environment, uow: UnitOfWork) -> Freshness:
    """Read how far the panel was read: one statement, none with the embedded panel."""
    state = await uow.panel_state.get() if env.panel_decides else None
    return Freshness(env.now(), state)


def wait_until(due: DueDigest, as_of: datetime | None, now: datetime) -> datetime | None:
    """When a digest is looked at again, while it waits for the panel; None when it is to go."""
    if as_of is None or now >= (due.send_at or now) + WAITS:
        return None
    return now + AGAIN


def without_sums(digest: Digest, as_of: datetime) -> Digest | None:
    """The digest as of an instant: nothing to pay, and nothing that was due by now.

    None where nothing is left of it.
    """
    items = tuple(
        replace(item, payable=None, invoice=None)
        for item in digest.items
        if item.planned_for >= digest.today
    )
    if not items:
        return None
    return replace(
        digest, items=items, proformas=(), can_pay=False, credit=None, cart_lines=0, as_of=as_of
    )
