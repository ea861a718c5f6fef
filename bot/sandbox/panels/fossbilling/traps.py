"""The panel's traps: what it does and nobody expects. Each was measured on a running 0.8.5."""

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Traps:
    """The traps that are set; each can be switched off, and then the panel does the obvious.

    - `balance_spent`: a renewal pays its invoice from the client's balance inside the call, so
      the next call finds no open invoice and buys one more period.
    - `parallel_doubles`: calls at the same time do not see each other's writes.
    - `new_orders_renew`: the invoice of a new order has the task `renew`, so its payment ends in
      `failed_renew`.
    - `addons_hidden`: add-on orders are in no list of orders.
    - `meta_counted`: a list of orders counts, and cuts into pages, an order once a row of meta.
    - `credits_always_true`: `pay_with_credits` says true when it did not pay, too.
    - `execution_waits`: a payment without `execute` renews nothing until cron runs, ten minutes
      later at the earliest.
    - `date_stays_past`: a late renewal counts from the old date, which may stay in the past.
    - `months_overflow`: 31 January and one month is 3 March.
    - `period_at_payment`: what is bought is the order's period at the payment, not the line's.
    - `canceled_revive`: paying an invoice of a canceled order makes it active again.
    - `invoices_stay_open`: canceling or deleting an order leaves its open invoices.
    - `singles_stay_open`: paying a combined invoice leaves the single ones open.
    - `pointer_misleads`: `unpaid_invoice_id` stays at a canceled invoice and ignores prepared
      ones, also when cron makes renewal invoices.
    - `disabled_period_free`: an order with a period that is off is taken, for nothing.
    - `deposit_uncredited`: marking a deposit invoice paid leaves the balance as it was.
    - `three_byte_text`: characters of four bytes are a database error, and nothing is saved.
    - `errors_as_200`: most refusals come with HTTP 200.
    - `loose_ids`: `"1abc"`, `1.5` and `["1"]` all mean 1.
    - `ids_as_text`: the id of a new invoice is text, that of one that exists a number.
    - `float_artefacts`: sums are binary fractions, such as 24.479999999999997.
    - `process_pays_and_fails`: `transaction_process` pays the invoice and then answers an error.
    - `gateway_kept`: a refused payment has changed the invoice's gateway already.
    - `token_shown`: a client's token stands in clear in what staff read.
    """

    balance_spent: bool = True
    parallel_doubles: bool = True
    new_orders_renew: bool = True
    addons_hidden: bool = True
    meta_counted: bool = True
    credits_always_true: bool = True
    execution_waits: bool = True
    date_stays_past: bool = True
    months_overflow: bool = True
    period_at_payment: bool = True
    canceled_revive: bool = True
    invoices_stay_open: bool = True
    singles_stay_open: bool = True
    pointer_misleads: bool = True
    disabled_period_free: bool = True
    deposit_uncredited: bool = True
    three_byte_text: bool = True
    errors_as_200: bool = True
    loose_ids: bool = True
    ids_as_text: bool = True
    float_artefacts: bool = True
    process_pays_and_fails: bool = True
    gateway_kept: bool = True
    token_shown: bool = True


NAMES = tuple(field.name for field in fields(Traps))
NO_TRAPS = Traps(**dict.fromkeys(NAMES, False))
