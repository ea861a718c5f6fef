"""Who has access to an account: the list, invitations, rights, ownership and removal."""

from billing.rules.errors import NotFoundError
from billing.views.access import AccessList
from handlers.account import access_questions as questions
from handlers.account import access_screens as screens
from handlers.buttons import (
    AskHandOver,
    AskInvite,
    AskRemoveUser,
    ChangeRights,
    HandOver,
    Invite,
    OpenAccess,
    OpenAccountUser,
    RemoveUser,
    WithdrawInvitations,
)
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import sentence


async def open_access(ctx: Context, _: OpenAccess) -> None:
    """Everybody who has access."""
    await ctx.show(screens.access_list(ctx.t, ctx.client, await _read(ctx)))


async def ask_invite(ctx: Context, _: AskInvite) -> None:
    """Ask what the person who is invited shall be able to do."""
    (await _read(ctx)).check_invite()
    await ctx.show(questions.ask_invite(ctx.t, ctx.client))


async def invite(ctx: Context, tapped: Invite) -> None:
    """Make a code, and show it with its link."""
    invitation = await ctx.actions.invite(ctx.client, ctx.visitor.user_id, tapped.rights)
    await ctx.show(questions.invited(ctx.t, invitation, ctx.bot.username))


async def withdraw_invitations(ctx: Context, _: WithdrawInvitations) -> None:
    """End what is open, and show the list."""
    access = await ctx.actions.withdraw_invitations(ctx.client, ctx.visitor.user_id)
    note = ctx.t.plain("The invitations do not work any more.")
    await ctx.show(screens.access_list(ctx.t, ctx.client, access), note)


async def open_user(ctx: Context, tapped: OpenAccountUser) -> None:
    """Another user of the account."""
    _check(ctx, tapped.client)
    access = await _read(ctx)
    try:
        user = access.users.get(tapped.user)
    except NotFoundError as error:
        await _show_list(ctx, access, error)
    else:
        await ctx.show(screens.account_user(ctx.t, ctx.client, access, user))


async def change_rights(ctx: Context, tapped: ChangeRights) -> None:
    """Give another user other rights."""
    _check(ctx, tapped.client)
    access = await ctx.actions.change_rights(
        ctx.client, ctx.visitor.user_id, tapped.user, tapped.rights
    )
    user = access.users.get(tapped.user)
    screen = screens.account_user(ctx.t, ctx.client, access, user)
    await ctx.show(screen, ctx.t.plain("Rights changed."))


async def ask_hand_over(ctx: Context, tapped: AskHandOver) -> None:
    """Ask for confirmation."""
    _check(ctx, tapped.client)
    access = await _read(ctx)
    try:
        user = access.users.other(access.me.user_id, tapped.user)
    except NotFoundError as error:
        await _show_list(ctx, access, error)
    else:
        await ctx.show(questions.ask_hand_over(ctx.t, ctx.client, access, user))


async def hand_over(ctx: Context, tapped: HandOver) -> None:
    """Make another user the owner."""
    _check(ctx, tapped.client)
    await ctx.actions.hand_over(ctx.client, ctx.visitor.user_id, tapped.user)
    await ctx.show(questions.handed_over(ctx.t, ctx.client))


async def ask_remove(ctx: Context, tapped: AskRemoveUser) -> None:
    """Ask for confirmation, also from the message about a newcomer."""
    _check(ctx, tapped.client)
    access = await _read(ctx)
    try:
        user = access.users.removable(access.me.user_id, tapped.user, now=ctx.now)
    except NotFoundError as error:
        await _show_list(ctx, access, error)
    else:
        await ctx.show(questions.ask_remove(ctx.t, ctx.client, access, user))


async def remove(ctx: Context, tapped: RemoveUser) -> None:
    """End another user's access."""
    _check(ctx, tapped.client)
    try:
        user = await ctx.actions.remove_user(ctx.client, ctx.visitor.user_id, tapped.user)
    except NotFoundError as error:
        await _show_list(ctx, await _read(ctx), error)
    else:
        await ctx.show(questions.removed(ctx.t, ctx.client, user), ctx.t.plain("Unlinked."))


async def _show_list(ctx: Context, access: AccessList, error: NotFoundError) -> None:
    """The list as it is by now, with a note that somebody has no access any more."""
    screen = screens.access_list(ctx.t, ctx.client, access)
    await ctx.show(screen, sentence(ctx.t, error))


async def _read(ctx: Context) -> AccessList:
    return await ctx.actions.show_access(ctx.client, ctx.visitor.user_id)


def _check(ctx: Context, client_id: int) -> None:
    """StaleButton for a button of another account than the current one."""
    if ctx.client.id != client_id:
        raise StaleButton("another account is current", back=OpenAccess())
