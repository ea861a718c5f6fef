"""A circuit breaker around a connected panel: one that does not answer slows nobody down.

After some failures in a row nothing is sent for a time, and whoever asks learns at once that the
panel cannot be reached. Then one question is let through; its answer closes the circuit, another
failure opens it again, for longer. Libraries for this let all questions through at that point, or
know no coroutines, so it is done here.

Each process has a circuit of its own. What it learns costs three questions, and then one at a time
with a pause between; the way of one process to the panel may be broken while others get through;
and whoever asks shall learn at once, without a statement, that there is no use.
"""

import time
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from billing.ports.connected import (
    CallSubject,
    ConnectedPanel,
    Done,
    NeverHappened,
    PanelBusyError,
    PanelUnreachableError,
    Refused,
    Unknown,
)
from billing.ports.panel import Capabilities
from billing.rules.panel.panel_calls import Verb
from billing.views.account import ClientInfo
from billing.views.panel import (
    PanelAccount,
    PanelCatalogue,
    PanelChanges,
    PanelClient,
    PanelFinding,
    Snapshot,
)

T = TypeVar("T")

FAILURES: Final = 3
FIRST_PAUSE: Final = 5.0
LONGEST_PAUSE: Final = 60.0


class CircuitOpenError(PanelUnreachableError):
    """Nothing was sent: the panel has not answered lately."""

    is_unsent = True


@dataclass(slots=True)
class Circuit:
    """Counts failures in a row; `seconds` is a clock that only goes forward.

    Open after `FAILURES`, for five seconds at first and twice as long each time, up to
    `longest_pause`.
    """

    seconds: Callable[[], float] = time.monotonic
    failures: int = 0
    longest_pause: float = LONGEST_PAUSE
    _pause: float = FIRST_PAUSE
    _opens_at: float = 0.0
    _is_trying: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nothing is let through, or one question only."""
        return self.failures >= FAILURES

    @contextmanager
    def question(self) -> Iterator[None]:
        """Ask inside the block. Raises CircuitOpenError without asking.

        A panel that has had too many calls, and any error but PanelUnreachableError, shows that it
        is alive.
        """
        is_trial = self._enter()
        try:
            yield
        except PanelBusyError:
            self._succeed()
            raise
        except PanelUnreachableError:
            self._fail(is_trial=is_trial)
            raise
        except Exception:
            self._succeed()
            raise
        else:
            self._succeed()
        finally:
            if is_trial:
                self._is_trying = False

    def _enter(self) -> bool:
        if not self.is_open:
            return False
        if self._is_trying or self.seconds() < self._opens_at:
            raise CircuitOpenError("the panel has not answered lately")
        self._is_trying = True
        return True

    def _succeed(self) -> None:
        self.failures, self._pause = 0, FIRST_PAUSE

    def _fail(self, *, is_trial: bool) -> None:
        self.failures += 1
        # What was on its way when the circuit opened says nothing new.
        if self.failures == FAILURES or is_trial:
            self._opens_at = self.seconds() + min(self._pause, self.longest_pause)
            self._pause = min(self._pause * 2, self.longest_pause)


@dataclass(frozen=True, slots=True)
class GuardedPanel:
    """The panel `inner` behind a circuit; `check` always asks, since somebody wants to know."""

    inner: ConnectedPanel
    circuit: Circuit = field(default_factory=Circuit)

    @property
    def name(self) -> str:
        """That of the panel."""
        return self.inner.name

    @property
    def capabilities(self) -> Capabilities:
        """Those of the panel."""
        return self.inner.capabilities

    def first_step(self, verb: Verb) -> str:
        """That of the panel."""
        return self.inner.first_step(verb)

    async def identity(self) -> str:
        """That of the panel."""
        return await self._through(self.inner.identity)

    def by_hand(self, subject: CallSubject, ref: str) -> Done:
        """That of the panel."""
        return self.inner.by_hand(subject, ref)

    def refuse(self, subject: CallSubject, code: str) -> Done | Refused:
        """That of the panel."""
        return self.inner.refuse(subject, code)

    async def prepare(self, subject: CallSubject) -> str:
        """Read before a write."""
        return await self._through(self.inner.prepare, subject)

    async def carry_out(self, subject: CallSubject) -> Done | Refused | Unknown:
        """Write, once."""
        return await self._through(self.inner.carry_out, subject)

    async def find_out(self, subject: CallSubject) -> Done | NeverHappened | Unknown:
        """Read what became of a write."""
        return await self._through(self.inner.find_out, subject)

    async def refresh(self, client: ClientInfo) -> Snapshot:
        """Read what a client has."""
        return await self._through(self.inner.refresh, client)

    async def changes(self, cursor: str) -> PanelChanges:
        """Read what has changed."""
        return await self._through(self.inner.changes, cursor)

    async def everything(self, refs: Collection[str] | None = None) -> AsyncIterator[PanelAccount]:
        """Read clients with what they have. Whether it answers is tried by something quicker."""
        if self.circuit.is_open:
            await self.identity()
        with self.circuit.question():
            async for account in self.inner.everything(refs):
                yield account

    async def clients(self) -> AsyncIterator[PanelClient]:
        """Read who the clients are."""
        with self.circuit.question():
            async for client in self.inner.clients():
                yield client

    async def catalogue(self) -> PanelCatalogue:
        """Read what is offered."""
        return await self._through(self.inner.catalogue)

    async def find_clients(self, email: str) -> tuple[PanelClient, ...]:
        """Find clients."""
        return await self._through(self.inner.find_clients, email)

    async def client(self, ref: str) -> PanelClient | None:
        """Read a client."""
        return await self._through(self.inner.client, ref)

    async def check(self) -> tuple[PanelFinding, ...]:
        """See what works and what is missing."""
        return await self.inner.check()

    async def _through(self, ask: Callable[..., Coroutine[Any, Any, T]], *what: Any) -> T:
        with self.circuit.question():
            return await ask(*what)
