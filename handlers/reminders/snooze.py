"""A reminder put off to another day, or muted for one service."""

from billing.rules.errors import InvalidInputError
from billing.views.reminders.digests import Digest, DigestItem
from handlers.buttons import (
    MuteFromDigest,
    OpenDays,
    OpenDigest,
    OpenNotNow,
    OpenQuieting,
    SnoozeDigest,
    UnmuteFromDigest,
)
from handlers.chat.conversation.acting import act_for
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import sentence
from handlers.reminders import screens, snooze_screens
from handlers.reminders.handlers import read
from handlers.reminders.words import day_of, pause_line
from locales.text import Plain


async def open_not_now(ctx: Context, tapped: OpenNotNow) -> None:
    """The choices of those who do not pay now."""
    await act_for(ctx, tapped.client)
    await ctx.show(snooze_screens.choices(ctx.t, await read(ctx, tapped.digest)))


async def open_days(ctx: Context, tapped: OpenDays) -> None:
    """A month to choose a day from."""
    await act_for(ctx, tapped.client)
    digest = await read(ctx, tapped.digest)
    await ctx.show(snooze_screens.days(ctx.t, digest, tapped.month))


async def snooze(ctx: Context, tapped: SnoozeDigest) -> None:
    """Puts all that is due in it off to a day; a day that has passed is asked for again."""
    await act_for(ctx, tapped.client)
    t = ctx.t
    try:
        digest = await ctx.actions.snooze_digest(
            ctx.visitor, ctx.client, tapped.digest, t.language, tapped.until
        )
    except InvalidInputError as error:
        digest = await read(ctx, tapped.digest)
        note = sentence(t, error)
        await ctx.show(snooze_screens.days(t, digest, tapped.until), note, alert=True)
    else:
        day = day_of(t, tapped.until, digest.today)
        note = t.plain("We will remind you on {day}.", day=day)
        await ctx.show(screens.digest(t, digest), note, reminds=True)


async def open_quieting(ctx: Context, tapped: OpenQuieting) -> None:
    """The choices for one service."""
    await act_for(ctx, tapped.client)
    digest = await read(ctx, tapped.digest)
    await ctx.show(snooze_screens.quieting(ctx.t, digest, _item(digest, tapped)))


async def mute(ctx: Context, tapped: MuteFromDigest) -> None:
    """Nothing of a service until it is due, or ever; one that is due by now says so."""
    await act_for(ctx, tapped.client)
    digest = await ctx.actions.mute_from_digest(
        ctx.visitor, ctx.client, tapped.digest, ctx.t.language,
        service_id=tapped.service, for_good=tapped.for_good,
    )  # fmt: skip
    pause = _item(digest, tapped).pause
    if pause is None:
        raise StaleButton("it is due", back=OpenDigest(tapped.digest, tapped.client))
    note = Plain.of(pause_line(ctx.t, pause))
    await ctx.show(screens.digest(ctx.t, digest), note, reminds=True)


async def unmute(ctx: Context, tapped: UnmuteFromDigest) -> None:
    """As before, for one service or for all."""
    await act_for(ctx, tapped.client)
    digest = await ctx.actions.unmute_from_digest(
        ctx.visitor, ctx.client, tapped.digest, ctx.t.language, service_id=tapped.service
    )
    note = ctx.t.plain("You are reminded as before.")
    await ctx.show(screens.digest(ctx.t, digest), note, reminds=True)


def _item(digest: Digest, tapped: OpenQuieting | MuteFromDigest) -> DigestItem:
    """The service the button names; what is done with since leads back to the whole."""
    for item in digest.to_snooze:
        if item.service.id == tapped.service:
            return item
    raise StaleButton("it is taken care of", back=OpenDigest(tapped.digest, tapped.client))
