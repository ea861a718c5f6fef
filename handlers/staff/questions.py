"""The reason of a rejection: asked for by a message that is replied to.

A bot sees only replies to its own messages in a group, and commands. So the question is a message
of its own, and the person's conversation in this chat notes which one it is.
"""

from markupsafe import escape

from billing.ports.conversations import Conversation
from billing.rules.errors import InvalidInputError
from billing.views.staff import Deed, MatterId, MatterKind
from handlers.buttons import AskRejection
from handlers.chat.conversation.context import Context
from handlers.chat.conversation.drafts import as_int, as_text
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import sentence
from handlers.chat.screens.screen import Screen
from handlers.chat.updates.routing import StaffReply
from handlers.search.typed_words import is_cancel
from handlers.staff import deeds, posting, screens
from handlers.staff.outcomes import outcome
from handlers.staff.reading import read
from handlers.staff.results import result

REASON = "staff.reason"
"""The step that waits for a reason."""


async def ask_reason(ctx: Context, tapped: AskRejection) -> None:
    """Ask for the reason of a rejection; a second tap asks no second time."""
    t, matter = ctx.operator_t, MatterId(tapped.kind, tapped.number)
    if (matter.kind, Deed.REJECT) not in deeds.DEEDS:
        raise StaleButton(f"{matter.kind} is not rejected")
    shown = await read(ctx, matter, tapped.notice, tapped.client)
    if not shown.standing.waits:
        await ctx.delivery.answer(outcome(t, shown.standing, shown.today), alert=True)
        await ctx.delivery.show(screens.matter(t, shown))
        return
    if not await _is_asked(ctx, matter):
        await _drop_question(ctx)
        await _ask(ctx, matter, tapped)
    is_asked = await _is_asked(ctx, matter)
    await ctx.delivery.answer(t.plain("Please reply to the question below.") if is_asked else None)
    await ctx.delivery.show(screens.ask_reason(t, shown, ctx.user.first_name))


async def _ask(ctx: Context, matter: MatterId, tapped: AskRejection) -> None:
    """Put the question, and note which message it is."""
    t, message_id = ctx.operator_t, ctx.delivery.target
    question = Screen(screens.question(t, ctx.user.id, ctx.user.first_name))
    posted = await posting.post_question(ctx, question, message_id, t.plain("Reason"))
    if posted is None:
        return
    await ctx.begin(
        {
            "kind": matter.kind.value,
            "number": matter.number,
            "notice": tapped.notice,
            "client": tapped.client or 0,
            "message": message_id or 0,
            "question": posted,
        }
    )
    await ctx.advance(step=REASON)


async def replied(ctx: Context, reply: StaffReply) -> None:
    """Take a reply to a question of this chat, if it is the question that this person has open."""
    if await ctx.dialogue.consumed_before():
        return
    conversation = await ctx.dialogue.conversation()
    if conversation.step == REASON and conversation.draft.get("question") == reply.question_id:
        await reason_typed(ctx, reply.text)
        return
    t = ctx.operator_t
    if reply.asked_user == ctx.user.id:
        words = t("This question is closed. The message above it says how things stand.")
    else:
        words = t("This question is for somebody else. Tap “Reject…” to give a reason yourself.")
    await posting.post_reply(ctx, Screen(words), ctx.typed)


async def reason_typed(ctx: Context, text: str) -> None:
    """Reject for that reason; the person reads what came of it below their words."""
    t, draft = ctx.operator_t, await ctx.draft()
    matter, notice_id = _matter(await ctx.dialogue.conversation()), as_int(draft["notice"])
    if is_cancel(text):
        await _finish(ctx, matter, notice_id)
        return
    if not text.strip():
        words = t("Please reply with words, or tap “Reject without a reason” above.")
        await posting.post_reply(ctx, Screen(words), ctx.typed)
        return
    decision = deeds.Decision(matter, ctx.actor, reason=text)
    try:
        done = await deeds.do(ctx, Deed.REJECT, decision)
    except InvalidInputError as error:
        await posting.post_reply(ctx, Screen(escape(sentence(t, error))), ctx.typed)
        return
    await _finish(ctx, matter, notice_id, done)


async def _finish(
    ctx: Context, matter: MatterId, notice_id: int, done: deeds.Done | None = None
) -> None:
    """Draw the message as the matter stands, end the step, and say it below the reply."""
    t, draft = ctx.operator_t, await ctx.draft()
    shown = await read(ctx, matter, notice_id, as_int(draft["client"]) or None)
    await posting.edit(ctx, as_int(draft["message"]), screens.matter(t, shown))
    await ctx.advance()
    if done is None:
        words = outcome(t, shown.standing, shown.today) or t.plain("Nothing was decided.")
    else:
        words, _ = await result(ctx, shown, done)
    await posting.post_reply(ctx, Screen(escape(words)), ctx.typed)


async def ask_again(ctx: Context) -> None:
    """Repeat the question; where the operator's chat is private, typed text is an answer too."""
    question = screens.question(ctx.operator_t, ctx.user.id, ctx.user.first_name)
    await posting.post_reply(ctx, Screen(question), None)


async def end(ctx: Context, matter: MatterId) -> None:
    """End the question about a matter if this person has it open."""
    if await _is_asked(ctx, matter):
        await _drop_question(ctx)
        await ctx.advance()


async def _is_asked(ctx: Context, matter: MatterId) -> bool:
    conversation = await ctx.dialogue.conversation()
    return conversation.step == REASON and _matter(conversation) == matter


async def _drop_question(ctx: Context) -> None:
    """Delete the question that this person has open, whatever it is about."""
    conversation = await ctx.dialogue.conversation()
    if conversation.step == REASON:
        await ctx.delivery.delete(as_int(conversation.draft["question"]))


def _matter(conversation: Conversation) -> MatterId:
    draft = conversation.draft
    return MatterId(MatterKind(as_text(draft["kind"])), as_int(draft["number"]))
