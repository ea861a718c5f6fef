"""Errors in the client's language: sentences for billing's codes and our own.

Every code with which billing refuses has its sentence here, for toasts, screens and lists.
"""

from collections.abc import Callable, Mapping
from datetime import date

from billing.rules.errors import BillingError
from billing.rules.money import Money
from handlers.chat.screens import name_errors, staff_errors
from handlers.chat.screens.name_errors import Params
from handlers.chat.screens.widgets import shortened
from locales.text import Plain
from locales.translator import Translator

Sentence = Callable[[Translator, Params], Plain]


def sentence(t: Translator, error: BillingError) -> Plain:
    """The sentence for a refusal."""
    return reason(t, error.code, error.params)


def reason(t: Translator, code: str, params: Params | None = None) -> Plain:
    """The sentence for a code of billing; unknown codes get a general one."""
    return SENTENCES.get(code, SENTENCES["refused"])(t, params or {})


def stale(t: Translator) -> Plain:
    """The sentence for a button that leads nowhere."""
    return t.plain("That button was out of date. This is how things stand now.")


def incident(t: Translator, number: str) -> Plain:
    """The sentence for an unexpected error; the operator finds its number in the log."""
    return t.plain(
        "Something went wrong on our side. Please try again; if it stays, tell us: {number}",
        number=number,
    )


def undecided(t: Translator) -> Plain:
    """The reason if a payment in Telegram could not be checked in time."""
    return t.plain(
        "We could not check this payment in time, so nothing was charged. "
        "Please try again in a moment."
    )


def _not_open_yet(t: Translator, params: Params) -> Plain:
    opens_on = params.get("opens_on")
    if isinstance(opens_on, date):
        return t.plain("It can be renewed from {date}.", date=t.date(opens_on))
    return t.plain("It cannot be renewed yet.")


def _parent_leaves(t: Translator, params: Params) -> Plain:
    parent = str(params.get("parent", ""))
    if not parent:
        return t.plain("Its service has a cancellation request.")
    return t.plain("{name} has a cancellation request.", name=shortened(parent, name_errors.LIMIT))


def _cart_changed(t: Translator, params: Params) -> Plain:
    total = params.get("total")
    if isinstance(total, Money):
        return t.plain(
            "The cart has changed: {total} in all. Please check it once more.",
            total=t.money(total),
        )
    return t.plain("The cart has changed. Please check it once more.")


def _too_long(t: Translator, params: Params) -> Plain:
    limit = params.get("limit")
    if isinstance(limit, int):
        return t.text(
            t.n(
                "That is too long: at most {n} character.",
                "That is too long: at most {n} characters.",
                limit,
            )
        )
    return t.plain("That is too long.")


def _on_proforma(t: Translator, params: Params) -> Plain:
    number, name = str(params.get("number", "")), str(params.get("name", ""))
    if number and name:
        return t.plain(
            "{name} is on proforma {number} already, which waits for payment.",
            name=name,
            number=number,
        )
    if number:
        return t.plain(
            "It is on proforma {number} already, which waits for payment.", number=number
        )
    return t.plain("It is on a proforma already, which waits for payment.")


def _too_many_invitations(t: Translator, params: Params) -> Plain:
    n = params.get("n")
    return t.text(
        t.n(
            "{n} invitation is open already. Withdraw it first.",
            "{n} invitations are open already. Withdraw them first.",
            n if isinstance(n, int) else 0,
        )
    )


SENTENCES: Mapping[str, Sentence] = {
    "refused": lambda t, _: t.plain("That cannot be done."),
    "not_found": lambda t, _: t.plain("That is not here (any more)."),
    "no_such_invoice": lambda t, _: t.plain("There is no such proforma."),
    "try_again": lambda t, _: t.plain("That did not work just now. Please try again."),
    "not_allowed": lambda t, _: t.plain("That cannot be done here. Please contact us."),
    "order_not_allowed": lambda t, _: t.plain(
        "New services and add-ons cannot be ordered here. Please contact us."
    ),
    "cancel_not_allowed": lambda t, _: t.plain(
        "Services cannot be cancelled here. Please contact us."
    ),
    "rename_not_allowed": lambda t, _: t.plain("Services cannot be renamed here."),
    # Access
    "access_limited": lambda t, _: t.plain(
        "Your access to this account does not include that. Ask its owner."
    ),
    "account_closed": lambda t, _: t.plain(
        "This account is closed to orders and payments. Please contact us."
    ),
    "staff_only": lambda t, _: t.plain("Only our staff can do that."),
    "owner_only": lambda t, _: t.plain("Only the owner of the account can do that."),
    "no_such_user": lambda t, _: t.plain("They have no access to this account (any more)."),
    "no_invitations": lambda t, _: t.plain(
        "Invitations are switched off here. Ask us for a code."
    ),
    "too_many_invitations": _too_many_invitations,
    # Typed text
    "not_a_day": lambda t, _: t.plain("Please choose a day after today, within a year."),
    "invalid_input": lambda t, _: t.plain("That is not what was asked for. Please try again."),
    "bad_amount": lambda t, _: t.plain("That is not an amount."),
    "amount_too_large": lambda t, _: t.plain("That amount is too large."),
    "too_many_decimals": lambda t, _: t.plain("That amount has too many decimals."),
    "unknown_currency": lambda t, _: t.plain("That currency is not known here."),
    "label_empty": lambda t, _: t.plain("Please type a name."),
    "label_unseen": lambda t, _: t.plain(
        "Nothing of that name can be seen. Please type letters, digits or an emoji."
    ),
    "label_too_long": _too_long,
    "name_too_long": _too_long,
    "reason_too_long": _too_long,
    "name_taken": name_errors.name_taken,
    "not_a_domain": name_errors.not_a_domain,
    "email_address": name_errors.email_address,
    "which_ending": lambda t, _: t.plain("Please type the name with its ending."),
    "wrong_ending": name_errors.wrong_ending,
    "subdomain": name_errors.subdomain,
    "unknown_zone": lambda t, _: t.plain("We do not know that place. Try a large city near you."),
    "no_code": lambda t, _: t.plain(
        "There is no code in that. A code has 8 letters and digits; a link with one does as well."
    ),
    "wrong_code": lambda t, _: t.plain("That code is wrong, used or expired."),
    "code_used_before": lambda t, _: t.plain("You have used that code before."),
    "too_many_guesses": lambda t, _: t.plain("Too many wrong codes. Please wait an hour."),
    "no_email": lambda t, _: t.plain("There is no e-mail address in that."),
    "no_email_code": lambda t, _: t.plain("The code of the e-mail has six digits."),
    "wrong_email_code": lambda t, _: t.plain("That code is wrong or has expired."),
    "too_many_emails": lambda t, _: t.plain(
        "Too many codes were asked for. Please wait an hour, or ask us for a code."
    ),
    "no_address": lambda t, _: t.plain("We have no e-mail address of this account."),
    "link_expired": lambda t, _: t.plain(
        "That link has expired. Please open it anew on our website."
    ),
    "account_not_asked": lambda t, _: t.plain(
        "We cannot look your account up just now. Please open the link again in a few minutes."
    ),
    "link_of_nobody": lambda t, _: t.plain(
        "That account is not known here (yet). Please contact us."
    ),
    # Services
    "not_cancellable": lambda t, _: t.plain("This service cannot be cancelled now."),
    # Renewals
    "not_renewable": lambda t, _: t.plain("This service cannot be renewed."),
    "one_time": lambda t, _: t.plain("It was paid once and needs no renewal."),
    "free": lambda t, _: t.plain("It is free and needs no renewal."),
    "pending": lambda t, _: t.plain("It is still waiting to be set up."),
    "suspended": lambda t, _: t.plain("It is suspended; please contact us."),
    "terminated": lambda t, _: t.plain("The service has ended."),
    "cancelled": lambda t, _: t.plain("The service is cancelled."),
    "fraud": lambda t, _: t.plain("It is blocked; please contact us."),
    "completed": lambda t, _: t.plain("The service is completed."),
    "cancellation_open": lambda t, _: t.plain(
        "You have requested its cancellation; withdraw that to renew it."
    ),
    "cancellation_stands": lambda t, _: t.plain(
        "You have requested its cancellation. To keep it, please contact us."
    ),
    "parent_not_renewable": lambda t, _: t.plain("Its service cannot be renewed."),
    "parent_cancellation_open": _parent_leaves,
    "parent_ends": lambda t, _: t.plain("Its service ends before a further period would be over."),
    "not_open_yet": _not_open_yet,
    "no_due_date": lambda t, _: t.plain("It has no due date yet."),
    "being_renewed": lambda t, _: t.plain("It is being renewed. We will let you know here."),
    "already_invoiced": lambda t, _: t.plain("An unpaid proforma already holds this renewal."),
    "renewed_already": lambda t, _: t.plain("It has been renewed already."),
    # Orders
    "not_offered": lambda t, _: t.plain("This is not offered (any more)."),
    "does_not_fit": lambda t, _: t.plain("This add-on does not go with the service."),
    "cycle_not_offered": lambda t, _: t.plain("This billing cycle is not offered."),
    "no_such_service": lambda t, _: t.plain("The service is not in your account (any more)."),
    "service_not_active": lambda t, _: t.plain("The service is not active."),
    "on_proforma": _on_proforma,
    "ordered": lambda t, _: t.plain("It is ordered already. We will let you know here."),
    "pay_after_placing": lambda t, _: t.plain(
        "The order is placed first; you choose how to pay after that."
    ),
    "order_being_withdrawn": lambda t, _: t.plain(
        "Its order is being withdrawn, so it cannot be paid now. We will let you know here."
    ),
    "order_not_withdrawable": lambda t, _: t.plain("This order cannot be withdrawn any more."),
    "already_has_it": lambda t, _: t.plain("The service has this add-on already."),
    # The panel
    "panel_away": lambda t, _: t.plain(
        "Our panel does not answer just now, so this has to wait. Please try again later. "
        "Nothing was changed."
    ),
    "account_unread": lambda t, _: t.plain(
        "We cannot read all of your account in our panel just now, so this has to wait. We know "
        "of it. Nothing was changed."
    ),
    # Paying
    "cart_changed": _cart_changed,
    "empty_cart": lambda t, _: t.plain("The cart is empty."),
    "not_known_yet": lambda t, _: t.plain(
        "We do not know the full price or due date yet. Please try again later, or contact us."
    ),
    "gateway_off": lambda t, _: t.plain("This way to pay is not available for that amount."),
    "invoice_changed": lambda t, _: t.plain(
        "Something was paid for it meanwhile. Please check what is left."
    ),
    "invoice_being_paid": lambda t, _: t.plain("It is being paid from your balance already."),
    "invoice_closed": lambda t, _: t.plain("This proforma is not open any more."),
    "invoice_not_cancellable": lambda t, _: t.plain(
        "This proforma cannot be cancelled here. Please contact us."
    ),
    "amount_changed": lambda t, _: t.plain("The amount due has changed. Please start again."),
    "no_credit": lambda t, _: t.plain("There is no account credit here."),
    "cancellation_stays": lambda t, _: t.plain("It is being ended, so this cannot be taken back."),
    "balance_too_low": lambda t, _: t.plain("Your balance does not cover that."),
    "insufficient_credit": lambda t, _: t.plain("Your credit does not cover that."),
    **staff_errors.SENTENCES,
    "duplicate_charge": lambda t, _: t.plain("This payment is known already."),
}
"""The sentence for every code of billing's refusals; a test compares them with the code."""
