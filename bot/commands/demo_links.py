"""Linking the people of a demo beside a panel, as clients link themselves."""

from billing.rules.access.link_codes import hash_code
from billing.rules.audit import Actor
from bot.app import Core


async def link_person(core: Core, user_id: int, client: str, *, language: str, name: str) -> None:
    """Let somebody be a user of a client of the panel."""
    code, _ = await core.actions.issue_link_code(client, by=Actor("demo"))
    await core.actions.confirm_link(user_id, hash_code(code), language=language, name=name)
