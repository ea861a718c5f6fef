"""All actions by name: what conversations, commands and ticks may ask of the heart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from billing.actions import (
    account,
    book,
    booker,
    browse,
    cancel,
    cart,
    checkout,
    claims,
    confirm,
    fit,
    forecast,
    foresee,
    forget,
    from_digest,
    from_page,
    invoices,
    keep,
    load,
    notify,
    operate,
    operator_messages,
    order,
    own,
    pauses,
    pay,
    plan,
    preview,
    recipients,
    remind,
    reminder_reports,
    reminder_settings,
    renew,
    renew_lapsed,
    restoring,
    shop,
    summary,
    topics,
    unplaced,
    wrong_codes,
)
from billing.actions.environment import Environment
from billing.actions.settle import Settler
from billing.ports.outside import NoticeReader, Notifier, Panel, PaymentGateway


@dataclass(frozen=True, slots=True)
class Actions:
    """One attribute per verb; each is called like a function."""

    add_addon: order.AddAddOn
    add_all_due_soon: renew.AddAllDueSoon
    add_from_digest: from_digest.AddFromDigest
    add_product: order.AddProduct
    add_renewal: renew.AddRenewals
    adjust_credit: operate.AdjustCredit
    book_again: book.BookAgain
    book_event: book.BookEvent
    book_events: book.BookEvents
    cancel_invoice: checkout.CancelInvoice
    change_cycle: cart.ChangeCycle
    change_reminder_settings: reminder_settings.ChangeReminderSettings
    check_name: order.CheckName
    check_pre_checkout: confirm.CheckPreCheckout
    choose_language: account.ChooseLanguage
    choose_timezone: account.ChooseTimezone
    close_unplaced: unplaced.CloseUnplaced
    confirm_link: account.ConfirmLink
    confirm_payment: confirm.ConfirmPayment
    count_currencies: load.CountCurrencies
    credit_unplaced: unplaced.CreditUnplaced
    decide_cancellation: cancel.DecideCancellation
    decide_order: operate.DecideOrder
    drop_from_page: from_page.DropFromPage
    empty_cart: cart.EmptyCart
    end_cancelled: cancel.EndCancelled
    expire_invoices: invoices.ExpireInvoices
    find_fitting_services: fit.FindFittingServices
    find_own_invoice: own.FindOwnInvoice
    find_own_service: own.FindOwnService
    find_recipient: recipients.FindRecipient
    find_state_changes: load.FindStateChanges
    forget_old: forget.ForgetOld
    give_back_claims: claims.GiveBackClaims
    identify: account.Identify
    issue_link_code: account.IssueLinkCode
    keep_event: keep.KeepEvent
    list_cancellations: operate.ListCancellations
    list_due_dates: forecast.ListDueDates
    list_invoices: invoices.ListInvoices
    list_orders: operate.ListOrders
    list_renewals: renew.ListRenewals
    list_unplaced: unplaced.ListUnplaced
    list_unreachable: reminder_reports.ListUnreachable
    list_services: browse.ListServices
    load_company: load.LoadCompany
    mute_from_digest: pauses.MuteFromDigest
    next_reminder: foresee.NextReminder
    note_blocked: account.NoteBlocked
    note_restore: restoring.NoteRestore
    pay_invoice: checkout.PayInvoice
    place_order: checkout.PlaceOrder
    plan_reminders: plan.PlanReminders
    preview_link: account.PreviewLink
    preview_reminders: preview.PreviewReminders
    read_known: load.ReadKnown
    read_reminder_log: reminder_reports.ReadReminderLog
    record_transfer: pay.RecordTransfer
    remove_from_digest: from_digest.RemoveFromDigest
    remove_line: cart.RemoveLine
    remove_renewal: renew.RemoveRenewal
    rename_service: browse.RenameService
    renew_from_page: from_page.RenewFromPage
    renew_lapsed: renew_lapsed.RenewLapsed
    request_cancellation: cancel.RequestCancellation
    review_checkout: checkout.ReviewCheckout
    send_digests: remind.SendDigests
    send_outbox: notify.SendOutbox
    show_account: account.ShowAccount
    show_addon: fit.ShowAddOn
    show_cart: cart.ShowCart
    show_catalog: topics.ShowCatalog
    show_costs: forecast.ShowCosts
    show_credit: invoices.ShowCredit
    show_digest: from_digest.ShowDigest
    show_help: topics.ShowHelp
    show_home: browse.ShowHome
    show_invoice: invoices.ShowInvoice
    show_line_cycles: cart.ShowLineCycles
    show_product: shop.ShowProduct
    show_renewal_cycles: cart.ShowRenewalCycles
    show_reminder_settings: reminder_settings.ShowReminderSettings
    show_service: browse.ShowService
    show_service_addons: fit.ShowServiceAddOns
    show_shop: shop.ShowShop
    show_waiting_messages: operator_messages.ShowWaitingMessages
    snooze_digest: pauses.SnoozeDigest
    switch_client: account.SwitchClient
    switch_service_reminders: reminder_settings.SwitchServiceReminders
    tell_summary: summary.TellSummary
    tell_wrong_codes: wrong_codes.TellWrongCodes
    try_operator_chat: operator_messages.TryOperatorChat
    unlink: account.Unlink
    unmute_from_digest: pauses.UnmuteFromDigest
    vote: topics.Vote
    withdraw_cancellation: cancel.WithdrawCancellation


NO_READERS: Mapping[str, NoticeReader] = MappingProxyType({})
"""For a company whose gateways never write."""


def make_actions(
    env: Environment,
    *,
    panel: Panel,
    gateways: Sequence[PaymentGateway],
    notifier: Callable[[], Notifier],
    readers: Mapping[str, NoticeReader] = NO_READERS,
    in_flight: int = 4,
) -> Actions:
    """Give every action what it needs.

    `notifier` is asked for when something is sent: it needs the bot, which needs the actions.
    `readers` understand notices of money, each those of the gateway with its code. `in_flight`
    bounds how many messages a crash may repeat.
    """
    settler = Settler(env, panel)
    confirm_payment = confirm.ConfirmPayment(env, settler)
    books = booker.Booker(env, confirm_payment, readers)
    return Actions(
        add_addon=order.AddAddOn(env),
        add_all_due_soon=renew.AddAllDueSoon(env),
        add_from_digest=from_digest.AddFromDigest(env),
        add_product=order.AddProduct(env),
        add_renewal=renew.AddRenewals(env),
        adjust_credit=operate.AdjustCredit(env),
        book_again=book.BookAgain(books),
        book_event=book.BookEvent(books),
        book_events=book.BookEvents(books),
        cancel_invoice=checkout.CancelInvoice(env, settler),
        change_cycle=cart.ChangeCycle(env),
        change_reminder_settings=reminder_settings.ChangeReminderSettings(env),
        check_name=order.CheckName(env),
        check_pre_checkout=confirm.CheckPreCheckout(env),
        choose_language=account.ChooseLanguage(env),
        choose_timezone=account.ChooseTimezone(env),
        close_unplaced=unplaced.CloseUnplaced(env),
        confirm_link=account.ConfirmLink(env),
        confirm_payment=confirm_payment,
        count_currencies=load.CountCurrencies(env),
        credit_unplaced=unplaced.CreditUnplaced(env),
        decide_cancellation=cancel.DecideCancellation(env),
        decide_order=operate.DecideOrder(env),
        drop_from_page=from_page.DropFromPage(env),
        empty_cart=cart.EmptyCart(env),
        end_cancelled=cancel.EndCancelled(env),
        expire_invoices=invoices.ExpireInvoices(env, settler),
        find_fitting_services=fit.FindFittingServices(env),
        find_own_invoice=own.FindOwnInvoice(env),
        find_own_service=own.FindOwnService(env),
        find_recipient=recipients.FindRecipient(env),
        find_state_changes=load.FindStateChanges(env),
        forget_old=forget.ForgetOld(env),
        give_back_claims=claims.GiveBackClaims(env),
        identify=account.Identify(env),
        issue_link_code=account.IssueLinkCode(env),
        keep_event=keep.KeepEvent(env),
        list_cancellations=operate.ListCancellations(env),
        list_due_dates=forecast.ListDueDates(env),
        list_invoices=invoices.ListInvoices(env),
        list_orders=operate.ListOrders(env),
        list_renewals=renew.ListRenewals(env),
        list_unplaced=unplaced.ListUnplaced(env),
        list_unreachable=reminder_reports.ListUnreachable(env),
        list_services=browse.ListServices(env),
        load_company=load.LoadCompany(env, settler),
        mute_from_digest=pauses.MuteFromDigest(env),
        next_reminder=foresee.NextReminder(env),
        note_blocked=account.NoteBlocked(env),
        note_restore=restoring.NoteRestore(env),
        pay_invoice=checkout.PayInvoice(env, gateways, settler),
        place_order=checkout.PlaceOrder(env, gateways, settler),
        plan_reminders=plan.PlanReminders(env),
        preview_link=account.PreviewLink(env),
        preview_reminders=preview.PreviewReminders(env),
        read_known=load.ReadKnown(env),
        read_reminder_log=reminder_reports.ReadReminderLog(env),
        record_transfer=pay.RecordTransfer(env, settler),
        remove_from_digest=from_digest.RemoveFromDigest(env),
        remove_line=cart.RemoveLine(env),
        remove_renewal=renew.RemoveRenewal(env),
        rename_service=browse.RenameService(env, panel),
        renew_from_page=from_page.RenewFromPage(env),
        renew_lapsed=renew_lapsed.RenewLapsed(env, gateways),
        request_cancellation=cancel.RequestCancellation(env),
        review_checkout=checkout.ReviewCheckout(env, gateways),
        send_digests=remind.SendDigests(env, notifier, in_flight),
        send_outbox=notify.SendOutbox(env, notifier, in_flight),
        show_account=account.ShowAccount(env),
        show_addon=fit.ShowAddOn(env),
        show_cart=cart.ShowCart(env),
        show_catalog=topics.ShowCatalog(env),
        show_costs=forecast.ShowCosts(env),
        show_credit=invoices.ShowCredit(env),
        show_digest=from_digest.ShowDigest(env),
        show_help=topics.ShowHelp(env),
        show_home=browse.ShowHome(env),
        show_invoice=invoices.ShowInvoice(env, gateways),
        show_line_cycles=cart.ShowLineCycles(env),
        show_product=shop.ShowProduct(env),
        show_renewal_cycles=cart.ShowRenewalCycles(env),
        show_reminder_settings=reminder_settings.ShowReminderSettings(env),
        show_service=browse.ShowService(env),
        show_service_addons=fit.ShowServiceAddOns(env),
        show_shop=shop.ShowShop(env),
        show_waiting_messages=operator_messages.ShowWaitingMessages(env),
        snooze_digest=pauses.SnoozeDigest(env),
        switch_client=account.SwitchClient(env),
        switch_service_reminders=reminder_settings.SwitchServiceReminders(env),
        tell_summary=summary.TellSummary(env),
        tell_wrong_codes=wrong_codes.TellWrongCodes(env),
        try_operator_chat=operator_messages.TryOperatorChat(env),
        unlink=account.Unlink(env),
        unmute_from_digest=pauses.UnmuteFromDigest(env),
        vote=topics.Vote(env),
        withdraw_cancellation=cancel.WithdrawCancellation(env),
    )
