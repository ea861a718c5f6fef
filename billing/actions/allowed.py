"""What may be done, for questions that are asked before any action."""

from dataclasses import dataclass

from billing.actions.environment import Environment
from billing.rules.allowed import Allowed
from billing.views.account import ClientInfo


@dataclass(frozen=True, slots=True)
class ShowAllowed:
    """What is allowed for a client or (client None) before an account is linked."""

    env: Environment

    async def __call__(self, client: ClientInfo | None) -> Allowed:
        """Read it: no statement."""
        return self.env.allowed(client)
