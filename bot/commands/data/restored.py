"""`panelik restored`: to be run after a copy of the database was put back."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from billing.views.restoring import CopyContents, RestoreReport
from bot.app import Core
from bot.commands.output.as_json import JsonOption, Record, print_json
from bot.commands.output.sentences import count_of
from bot.commands.session import actor, with_core
from handlers import commands_menu


def restored(
    again: Annotated[
        bool, typer.Option("--again", help="Another copy was restored since this ran last.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """After going back to a copy, before the bot starts: end what is no longer valid."""
    report, zone, credit = with_core(lambda core: _note(core, again=again))
    if as_json:
        print_json(_fields(report))
        return
    typer.echo("\n".join(_lines(report, zone, credit=credit)))


def _fields(report: RestoreReport) -> Record:
    """The report as JSON; its fields are documented and do not change."""
    contents, restore = report.contents, report.restore
    return {
        "copy_of": restore.copy_of,
        "noted_at": restore.noted_at,
        "was_noted_before": report.was_noted,
        "ended_codes": report.ended_codes,
        "forgotten_questions": report.forgotten_drafts,
        "unsent": [{"topic": one.topic, "client": one.client_ref} for one in report.unsent],
        "reminders": contents.digests,
        "messages_to_operator": contents.to_operator,
        "unpaid_count": contents.all_unpaid,
        "unpaid": [
            {"proforma": one.number, "client": one.client_ref, "balance": one.balance}
            for one in contents.unpaid
        ],
        "orders": contents.orders,
        "requests": contents.requests,
        "tasks": contents.tasks,
    }


async def _note(core: Core, *, again: bool) -> tuple[RestoreReport, ZoneInfo, bool]:
    report = await core.actions.note_restore(by=actor(), again=again)
    if not report.was_noted:
        # Telegram may show another version's commands by now, so they are set again at the start.
        await core.database.settings_store.set(commands_menu.KEY, "")
        await core.database.settings_store.set(commands_menu.STAFF_KEY, "")
    return report, core.settings.zone, core.panel.capabilities.credit


def _lines(report: RestoreReport, zone: ZoneInfo, *, credit: bool) -> Iterator[str]:
    restore = report.restore
    if restore.copy_of is None:
        yield "This database knows of nothing that has happened yet."
    else:
        yield f"The newest thing this copy knows of is of {_when(restore.copy_of, zone)}."
    if report.was_noted:
        yield (
            f"This was run on {_when(restore.noted_at, zone)}, so nothing was changed now. If you "
            "have restored another copy since, add --again."
        )
    else:
        yield from _done_lines(report)
    yield from _still_waiting(report.contents)
    yield from _not_known(report.contents, zone, restore.copy_of, credit=credit)


def _done_lines(report: RestoreReport) -> Iterator[str]:
    yield ""
    yield "Done:"
    codes = len(report.ended_codes)
    whose = f" (for {_list_names(report.ended_codes)}): make new ones with `panelik link`"
    yield f"- {count_of(codes, 'open link code')} ended{whose if codes else ''}."
    yield f"- {count_of(report.forgotten_drafts, 'unfinished question')} forgotten."
    unsent = Counter(f"{one.topic} {one.client_ref}".strip() for one in report.unsent)
    which = f": {_list_names(list(unsent))}" if unsent else ""
    yield (
        f"- {count_of(len(report.unsent), 'message')} to clients that waited in the copy will not "
        f"be sent: most have been sent since{which}."
    )
    yield (
        "- Numbers of proformas, orders, requests and tasks go on from a higher one: none repeats."
    )


def _still_waiting(contents: CopyContents) -> Iterator[str]:
    yield ""
    yield "Goes out once the bot runs, perhaps for the second time:"
    yield f"- {count_of(contents.digests, 'reminder')}, read anew, and those planned for today."
    yield f"- {count_of(contents.to_operator, 'message')} to your own chat."


def _not_known(
    contents: CopyContents, zone: ZoneInfo, since: datetime | None, *, credit: bool
) -> Iterator[str]:
    yield ""
    when = f" since {_when(since, zone)}" if since else ""
    how = "give that money with `panelik credit --note`" if credit else "add it in your panel"
    given = "credit you gave and data you loaded" if credit else "data you loaded"
    yield f"A copy cannot know what has happened{when}. Please see to it:"
    yield (
        "- Payments: look through your bank's and your provider's lists from then on, and record "
        "what is missing with `panelik paid`. Of a number that was given since then it says that "
        f"there is none: {how}."
    )
    yield f"- {count_of(contents.all_unpaid, 'proforma')} unpaid in the copy, perhaps paid since:"
    yield from (f"    {one.number} of {one.client_ref}: {one.balance}" for one in contents.unpaid)
    if contents.all_unpaid > len(contents.unpaid):
        yield f"    and {contents.all_unpaid - len(contents.unpaid)} more"
    yield (
        f"- {count_of(contents.orders, 'order')}, {count_of(contents.requests, 'request')} to "
        f"cancel and {count_of(contents.tasks, 'task')} wait as in the copy: decide again what "
        "you have decided since."
    )
    yield (
        "- People: who left an account since then is joined to it again, who joined needs a new "
        "code, who blocked the bot is tried once more."
    )
    yield (
        "- Orders, cancellations, carts, names and reminder settings of clients since then are "
        f"gone; {given} since then, too: load it again."
    )


def _when(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"


def _list_names(names: tuple[str, ...] | list[str]) -> str:
    first_names = ", ".join(dict.fromkeys(names[:20]))
    return f"{first_names} and more" if len(names) > 20 else first_names
