"""Billing's refusals and reasons for the operator; clients' texts are in the catalogues."""

from billing.rules.errors import BillingError
from billing.rules.reminders.stages import ReminderReason, snoozed_until

SENTENCES = {
    "no_such_client": (
        'There is no client "{ref}". The id is the one in clients.csv or in your panel.'
    ),
    "no_such_link": (
        "User {user} is not linked to client {ref}. `panelik links {ref}` lists who is. Nothing "
        "was changed."
    ),
    "bad_validity": "A code is valid for at least one day and at most {days}.",
    "no_such_service": (
        'There is no service "{ref}". Its id is the one in services.csv; one that was ordered '
        "here has its number of `panelik orders`."
    ),
    "id_of_another_kind": (
        'The id "{ref}" is known here as {known}, and the folder has it as {loaded}. Nothing was '
        "changed. Give the new one another id."
    ),
    "ref_taken": (
        'The folder gives "{id}" the ref "{ref}", which belongs to "{other}" here, a product that '
        "the folder does not name any more. Nothing was changed. Keep the old id, or give the new "
        "one another ref."
    ),
    "no_such_invoice": (
        'There is no proforma "{number}". Its number looks like PRO-202611-00042-7391.'
    ),
    "number_without_digits": (
        'There is no proforma "{number}": a number has four more digits at the end, like '
        "PRO-202611-00042-7391. They are in the title of the transfer, and the client sees them."
    ),
    "reference_taken": (
        'The transfer "{reference}" belongs to {number}: {amount}, recorded on {day}. Nothing was '
        "changed. If it pays both proformas, or is another transfer of that name, add --also."
    ),
    "bad_reference": "That is not a reference: it is empty or cannot be printed.",
    "reference_too_long": "The reference is too long: at most {limit} characters.",
    "note_too_long": "The note is too long: at most {limit} characters.",
    "bad_note": "The note has characters that cannot be printed.",
    "no_such_order": "No order {id} is waiting. `panelik orders` lists those that are.",
    "no_such_cancellation": "No request {id} is waiting. `panelik cancellations` lists them.",
    "already_decided": "Request {id} has been decided already (it is {status}).",
    "no_owner": (
        "This database belongs to no panel yet: it is given to that of PANELIK_PANEL by the first "
        "`panelik run` or `panelik load`."
    ),
    "other_panel": (
        "Only the address of the same panel can change: the database belongs to {owner}, and "
        "PANELIK_PANEL is {panel}. Nothing was changed."
    ),
    "already_adopted": "This database belongs to {owner} already. Nothing was changed.",
    "no_connected_panel": (
        "There is no panel outside: PANELIK_PANEL is embedded. Nothing was changed."
    ),
    "same_client": "{ref} is the same client twice. Nothing was changed.",
    "calls_open": (
        "Your panel is still owed something for {ref}: `panelik calls` says what. Nothing was "
        "changed."
    ),
    "panel_decides": (
        "Services belong to your panel: decide about them and change them there. Nothing was "
        "changed here."
    ),
    "panel_has_rows": (
        "Clients and services belong to your panel: take clients.csv and services.csv out of the "
        "folder. Nothing was loaded."
    ),
    "bad_amount": '"{text}" is not an amount. Write it with a point, like 123.45.',
    "too_many_decimals": '"{text}" has more than {digits} decimals.',
    "amount_too_large": '"{text}" is larger than any amount we accept.',
    "insufficient_credit": "The client's credit does not cover that; nothing was changed.",
    "invoice_closed": (
        "Proforma {number} is {status}. Say how much came, and that becomes the client's credit."
    ),
    "no_such_task": "There is no task {id}. `panelik tasks` lists what is to be done.",
    "no_such_update": "No update no. {id} waits for you. `panelik updates` lists those that do.",
    "update_is_money": (
        "No. {id} reports money, which is never dropped. Say in `panelik unplaced` what was done "
        "with it. Nothing was changed."
    ),
    "no_such_call": "There is no call no. {id}. `panelik calls` lists what is not done.",
    "call_over": "Call no. {id} is over already; nothing was changed.",
    "call_answered": (
        "Your panel has answered call no. {id} already; the running bot reads what has changed. "
        "Nothing was changed."
    ),
    "panel_unreachable": (
        "Your panel does not answer, so nobody can tell whose data this is. Nothing was changed; "
        "try again once it is there."
    ),
    "panel_rows_unread": (
        "Your panel shows rows that cannot be read: {rows}. Mend them there first, so that no "
        "service is lost here. Nothing was changed."
    ),
    "call_in_hand": "No. {id} is being asked just now. Please try again in two minutes.",
    "panel_number_missing": "Say the number that it has in your panel, at most 64 characters.",
    "credit_not_kept": ("Your panel keeps the credit: change it there. Nothing was changed here."),
    "unplaced_not_credited": (
        "Your panel keeps the credit: add money no. {id} there, then close it here with "
        "`panelik unplaced close`. Nothing was changed here."
    ),
    "credit_not_loaded": (
        "Your panel keeps the credit, and clients.csv has some for {ref}: leave that column "
        "empty. Nothing was loaded."
    ),
    "invoice_closed_without_credit": (
        "Proforma {number} is {status}. Say how much came, and that becomes unplaced money."
    ),
    "balance_pays_it": (
        "Your panel is paying proforma {number} from the client's balance just now. Nothing was "
        "changed. Once `panelik calls` does not list that any more, record this again: what the "
        "proforma does not need then becomes unplaced money."
    ),
    "cannot_book_again": (
        "Money no. {id} was not given up after failures: it fits nothing, and would not the next "
        "time. Close it with --note."
    ),
    "no_such_unplaced": "There is no money no. {id}. `panelik unplaced` lists what waits.",
    "closed_already": "Money no. {id} is closed already; nothing was changed.",
    "note_missing": "Say with --note what was done with the money.",
    "went_back": "Money no. {id} was given back: it cannot be credit. Close it with --note.",
    "amount_unknown": (
        "Nobody knows how much money no. {id} is. Look it up at your payment provider, give the "
        "client credit with `panelik credit`, and close it with --note."
    ),
    "credit_currency": (
        "Money no. {id} is in {has}, the client's credit in {needs}. Agree on an amount with the "
        "client, give it with `panelik credit`, and close this with --note."
    ),
    "fits_nothing": (
        "Money no. {id} was not given up after failures: it fits nothing, and would not the next "
        "time. Make it credit, or close it with --note."
    ),
    "reason_too_long": "The reason is longer than {limit} characters; nothing was decided.",
    "try_again": "Something else changed at the same moment. Try again.",
}

REASONS = {
    ReminderReason.SUPERSEDED: "a more urgent one took its place",
    ReminderReason.TOO_LATE: "its day was too long ago",
    ReminderReason.SWITCHED_OFF: "switched off by whoever reads it",
    ReminderReason.PAUSED: "muted or put off by whoever reads it",
    ReminderReason.RENEWED: "renewed meanwhile",
    ReminderReason.ENDED: "nothing is owed any more",
    ReminderReason.FREE: "it costs nothing",
    ReminderReason.NO_DATE: "its due date is not known any more",
    ReminderReason.CANCELLING: "it is being cancelled",
    ReminderReason.CLOSED: "the proforma is paid or closed",
    ReminderReason.NOBODY_LINKED: "no Telegram user is linked",
    ReminderReason.NEVER_STARTED: "never pressed Start in the bot, or the Telegram id is wrong",
    ReminderReason.BLOCKED: "the bot is blocked",
    ReminderReason.DEACTIVATED: "the Telegram account is deactivated",
    ReminderReason.UNLINKED: "the user has left the account",
    ReminderReason.REFUSED: "Telegram refuses the message",
    ReminderReason.QUIET_HOURS: "quiet hours of the user",
    ReminderReason.PANEL_AWAY: "the panel was not read for hours: it may be paid",
    ReminderReason.ASKED_TO_WAIT: "Telegram asked to wait",
    ReminderReason.NO_ANSWER: "Telegram did not answer",
    ReminderReason.GIVEN_UP: "given up after many tries",
}
"""Why a reminder was not sent, or not yet."""


def stage_words(stage: str) -> str:
    """Name the day of a stage, as seen from the due date."""
    until = snoozed_until(stage)
    if until is not None:
        return f"asked for on {until}"
    days = int(stage)
    if not days:
        return "on the day"
    many = "day" if abs(days) == 1 else "days"
    return f"{abs(days)} {many} {'before' if days > 0 else 'after'}"


def count_of(n: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 message", "2 messages"."""
    return f"{n} {one}" if n == 1 else f"{n} {many or one + 's'}"


def sentence(error: BillingError) -> str:
    """Return the refusal in words, or its bare code if there are none."""
    template = SENTENCES.get(error.code)
    return template.format(**error.params) if template else f"Refused: {error}"
