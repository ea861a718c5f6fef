"""All actions by name: what conversations, commands and ticks may ask of the core."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from billing.actions import (
    account,
    allowed,
    audit,
    help_topics,
    load,
    operator,
    owner,
    restore,
    search,
    wrong_codes,
)
from billing.actions.access import (
    by_email,
    by_signed_link,
    fresh_codes,
    from_panel,
    link_codes,
    send_codes,
    users,
)
from billing.actions.desk import find, list_waiting, look, show_desk
from billing.actions.environment import Environment
from billing.actions.inbox import book, booker, failed, keep
from billing.actions.messages import claims, forget, operator_chat, outbox, recipient
from billing.actions.panel import (
    adopt,
    decide,
    merge,
    outcomes,
    presence,
    read_back,
    read_changes,
    read_everything,
    read_first,
    reading,
    reading_catalogue,
    refresh_client,
    run_calls,
)
from billing.actions.panel import keep as keep_reading
from billing.actions.payments import (
    checkout,
    checkout_part,
    confirm,
    invoices,
    orders,
    pay_from_balance,
    pay_page,
    renew_lapsed,
    transfer,
    unplaced,
)
from billing.actions.payments.settle import Settler
from billing.actions.reminders import (
    check_out_digest,
    next_reminder,
    plan,
    preview,
    redraw,
    replan,
    reports,
    send,
    sent_digest,
    settings,
    snooze,
    summary,
)
from billing.actions.services import (
    browse,
    cancel,
    find_own,
    forecast,
    home,
    offer,
    renew_from_page,
)
from billing.actions.services.list_services import ListServices
from billing.actions.shop import addon_choice, cart, catalogue, order, renew
from billing.actions.staff import matters
from billing.actions.tasks import finish
from billing.ports.connected import ConnectedPanel
from billing.ports.outside import Mailer, NoticeReader, Notifier, PaymentGateway
from billing.ports.panel import Panel


@dataclass(frozen=True, slots=True)
class Actions:
    """One attribute per verb; each is called like a function."""

    accept_signed_link: by_signed_link.AcceptSignedLink
    add_addon: order.AddAddOn
    add_all_due_soon: renew.AddAllDueSoon
    add_from_digest: sent_digest.AddFromDigest
    add_product: order.AddProduct
    add_renewal: renew.AddRenewals
    adjust_credit: operator.AdjustCredit
    adopt_panel: adopt.AdoptPanel
    book_again: book.BookAgain
    book_event: book.BookEvent
    book_events: book.BookEvents
    cancel_invoice: checkout.CancelInvoice
    check_email_code: by_email.CheckEmailCode
    change_cycle: cart.ChangeCycle
    change_reminder_settings: settings.ChangeReminderSettings
    change_rights: users.ChangeRights
    check_name: order.CheckName
    check_out_digest: check_out_digest.CheckOutDigest
    check_out_due: checkout_part.CheckOutDue
    check_out_renewal: checkout_part.CheckOutRenewal
    check_pre_checkout: confirm.CheckPreCheckout
    choose_language: account.ChooseLanguage
    choose_timezone: account.ChooseTimezone
    close_unplaced: unplaced.CloseUnplaced
    confirm_link: account.ConfirmLink
    confirm_payment: confirm.ConfirmPayment
    count_currencies: load.CountCurrencies
    credit_unplaced: unplaced.CreditUnplaced
    decide_cancellation: cancel.DecideCancellation
    decide_order: operator.DecideOrder
    drop_call: decide.DropCall
    drop_stuck: failed.DropStuck
    drop_from_page: renew_from_page.DropFromPage
    empty_cart: cart.EmptyCart
    end_cancelled: cancel.EndCancelled
    end_link: users.EndLink
    end_update_again: failed.EndUpdateAgain
    expire_invoices: invoices.ExpireInvoices
    finish_call: decide.FinishCall
    finish_task: finish.FinishTask
    finish_tasks: finish.FinishTasks
    find_anywhere: find.FindAnywhere
    find_fitting_services: addon_choice.FindFittingServices
    find_namesake: search.FindNamesake
    find_own_invoice: find_own.FindOwnInvoice
    find_own_service: find_own.FindOwnService
    find_recipient: recipient.FindRecipient
    find_state_changes: load.FindStateChanges
    fit_folder: reading_catalogue.FitFolder
    forget_old: forget.ForgetOld
    give_back_claims: claims.GiveBackClaims
    hand_over: users.HandOver
    identify: account.Identify
    invite: link_codes.Invite
    issue_link_code: link_codes.IssueLinkCode
    issue_missing_codes: link_codes.IssueMissingCodes
    keep_event: keep.KeepEvent
    keep_failed_update: failed.KeepFailedUpdate
    keep_first_owner: owner.KeepFirstOwner
    list_audit: audit.ListAudit
    list_calls: decide.ListCalls
    list_cancellations: operator.ListCancellations
    list_client_invoices: look.ListClientInvoices
    list_client_services: look.ListClientServices
    list_due_dates: forecast.ListDueDates
    list_invoices: invoices.ListInvoices
    list_links: users.ListLinks
    list_orders: operator.ListOrders
    list_proformas: operator.ListProformas
    list_renewals: renew.ListRenewals
    list_tasks: finish.ListTasks
    list_stuck: failed.ListStuck
    list_unplaced: unplaced.ListUnplaced
    list_unreachable: reports.ListUnreachable
    list_waiting: list_waiting.ListWaiting
    list_services: ListServices
    show_offer: offer.ShowOffer
    load_company: load.LoadCompany
    merge_clients: merge.MergeClients
    move_owner: owner.MoveOwner
    mute_from_digest: snooze.MuteFromDigest
    next_reminder: next_reminder.NextReminder
    note_blocked: account.NoteBlocked
    note_restore: restore.NoteRestore
    pay_from_balance: pay_from_balance.PayFromBalance
    pay_invoice: checkout.PayInvoice
    place_order: checkout.PlaceOrder
    plan_reminders: plan.PlanReminders
    preview_link: account.PreviewLink
    preview_reminders: preview.PreviewReminders
    read_changes: read_changes.ReadChanges
    read_everything: read_everything.ReadEverything
    read_first: read_first.ReadFirst
    prove_link: fresh_codes.ProveLink
    read_catalogue: reading_catalogue.ReadCatalogue
    read_known: load.ReadKnown
    read_message: matters.ReadMessage
    read_owner: owner.ReadOwner
    read_reminder_log: reports.ReadReminderLog
    refresh_catalogue: reading_catalogue.RefreshCatalogue
    record_transfer: transfer.RecordTransfer
    refresh_client: refresh_client.RefreshClient
    remove_from_digest: sent_digest.RemoveFromDigest
    remove_line: cart.RemoveLine
    remove_renewal: renew.RemoveRenewal
    remove_user: users.RemoveUser
    restore_lines: cart.RestoreLines
    rename_service: browse.RenameService
    renew_from_page: renew_from_page.RenewFromPage
    renew_lapsed: renew_lapsed.RenewLapsed
    request_cancellation: cancel.RequestCancellation
    request_email_code: by_email.RequestEmailCode
    request_fresh_code: fresh_codes.RequestFreshCode
    retry_call: decide.RetryCall
    retry_stuck: failed.RetryStuck
    run_calls: run_calls.RunCalls
    review_checkout: checkout.ReviewCheckout
    search: search.Search
    send_digests: send.SendDigests
    send_email_codes: send_codes.SendEmailCodes
    send_order: orders.SendOrder
    send_outbox: outbox.SendOutbox
    show_access: users.ShowAccess
    show_account: account.ShowAccount
    show_addon: addon_choice.ShowAddOn
    show_allowed: allowed.ShowAllowed
    show_bill: matters.ShowBill
    show_cart: cart.ShowCart
    show_catalog: help_topics.ShowCatalog
    show_client_card: look.ShowClientCard
    show_client_invoice: look.ShowClientInvoice
    show_client_service: look.ShowClientService
    show_costs: forecast.ShowCosts
    show_credit: invoices.ShowCredit
    show_desk: show_desk.ShowDesk
    show_digest: sent_digest.ShowDigest
    show_help: help_topics.ShowHelp
    show_home: home.ShowHome
    show_invoice: invoices.ShowInvoice
    show_line_cycles: cart.ShowLineCycles
    show_order: orders.ShowOrder
    show_pay_page: pay_page.ShowPayPage
    show_product: catalogue.ShowProduct
    show_renewal_cycles: cart.ShowRenewalCycles
    show_reminder_settings: settings.ShowReminderSettings
    show_service: browse.ShowService
    show_service_addons: addon_choice.ShowServiceAddOns
    show_shop: catalogue.ShowShop
    show_standing: matters.ShowStanding
    show_waiting_messages: operator_chat.ShowWaitingMessages
    snooze_digest: snooze.SnoozeDigest
    switch_client: account.SwitchClient
    switch_service_reminders: settings.SwitchServiceReminders
    tell_summary: summary.TellSummary
    take_update_again: failed.TakeUpdateAgain
    tell_wrong_codes: wrong_codes.TellWrongCodes
    try_operator_chat: operator_chat.TryOperatorChat
    unlink: account.Unlink
    unmute_from_digest: snooze.UnmuteFromDigest
    vote: help_topics.Vote
    withdraw_cancellation: cancel.WithdrawCancellation
    withdraw_invitations: link_codes.WithdrawInvitations
    withdraw_order: orders.WithdrawOrder


NO_READERS: Mapping[str, NoticeReader] = MappingProxyType({})
"""For a company whose gateways never write."""


def make_actions(
    env: Environment,
    *,
    panel: Panel,
    gateways: Sequence[PaymentGateway],
    notifier: Callable[[], Notifier],
    connected: ConnectedPanel | None = None,
    mirrors_everybody: bool = False,
    readers: Mapping[str, NoticeReader] = NO_READERS,
    mailer: Mailer | None = None,
    in_flight: int = 4,
) -> Actions:
    """Give every action what it needs.

    `notifier` is asked for when something is sent: it needs the bot, which needs the actions.
    `connected` is the panel outside that `panel` writes calls for, if there is one;
    with `mirrors_everybody` also its clients without a user are copied.
    Without a `mailer` nobody is sent e-mail.
    `readers` understand notices of money, each those of the gateway with its code. `in_flight`
    bounds how many messages a crash may repeat.
    """
    env = replace(env, capabilities=panel.capabilities)
    settler, read_owner = Settler(env, panel), owner.ReadOwner(env, panel)
    confirm_payment = confirm.ConfirmPayment(env, settler)
    record_transfer = transfer.RecordTransfer(env, settler)
    outcome, answers = outcomes.Outcomes(env), presence.Presence(env)
    replan_client, reader = replan.ReplanClient(env), None
    reads_back = read_back.ReadBack(env, replan_client)
    if connected is not None:
        keep_it = keep_reading.KeepReading(env, replan_client)
        reader = reading.Reader(env, connected, answers, keep_it, everybody=mirrors_everybody)
    first = read_first.ReadFirst(reader)
    there = from_panel.PanelClients(env, connected)
    read_offers = reading_catalogue.ReadCatalogue(env, connected)
    show_invoice = invoices.ShowInvoice(env, gateways)
    part = checkout_part.PartCheckout(env, gateways)
    books = booker.Booker(env, confirm_payment, readers)
    return Actions(
        accept_signed_link=by_signed_link.AcceptSignedLink(env, there),
        add_addon=order.AddAddOn(env),
        add_all_due_soon=renew.AddAllDueSoon(env),
        add_from_digest=sent_digest.AddFromDigest(env),
        add_product=order.AddProduct(env),
        add_renewal=renew.AddRenewals(env),
        adjust_credit=operator.AdjustCredit(env),
        adopt_panel=adopt.AdoptPanel(env, read_owner, connected),
        book_again=book.BookAgain(books),
        book_event=book.BookEvent(books),
        book_events=book.BookEvents(books),
        cancel_invoice=checkout.CancelInvoice(env, settler),
        check_email_code=by_email.CheckEmailCode(env),
        change_cycle=cart.ChangeCycle(env),
        change_reminder_settings=settings.ChangeReminderSettings(env),
        change_rights=users.ChangeRights(env),
        check_name=order.CheckName(env),
        check_out_digest=check_out_digest.CheckOutDigest(env, part),
        check_out_due=checkout_part.CheckOutDue(env, part),
        check_out_renewal=checkout_part.CheckOutRenewal(env, part),
        check_pre_checkout=confirm.CheckPreCheckout(env),
        choose_language=account.ChooseLanguage(env),
        choose_timezone=account.ChooseTimezone(env),
        close_unplaced=unplaced.CloseUnplaced(env),
        confirm_link=account.ConfirmLink(env),
        confirm_payment=confirm_payment,
        count_currencies=load.CountCurrencies(env),
        credit_unplaced=unplaced.CreditUnplaced(env, panel),
        decide_cancellation=cancel.DecideCancellation(env),
        decide_order=operator.DecideOrder(env),
        drop_call=decide.DropCall(env, outcome, connected),
        drop_stuck=failed.DropStuck(env),
        drop_from_page=renew_from_page.DropFromPage(env),
        empty_cart=cart.EmptyCart(env),
        end_cancelled=cancel.EndCancelled(env),
        end_link=users.EndLink(env),
        end_update_again=failed.EndUpdateAgain(env),
        expire_invoices=invoices.ExpireInvoices(env, settler),
        finish_call=decide.FinishCall(env, outcome, connected),
        finish_task=finish.FinishTask(env),
        finish_tasks=finish.FinishTasks(env),
        find_anywhere=find.FindAnywhere(env),
        find_fitting_services=addon_choice.FindFittingServices(env),
        find_namesake=search.FindNamesake(env),
        find_own_invoice=find_own.FindOwnInvoice(env),
        find_own_service=find_own.FindOwnService(env),
        find_recipient=recipient.FindRecipient(env),
        find_state_changes=load.FindStateChanges(env),
        fit_folder=reading_catalogue.FitFolder(env),
        forget_old=forget.ForgetOld(env),
        give_back_claims=claims.GiveBackClaims(env),
        hand_over=users.HandOver(env),
        identify=account.Identify(env),
        invite=link_codes.Invite(env),
        issue_link_code=link_codes.IssueLinkCode(env, there),
        issue_missing_codes=link_codes.IssueMissingCodes(env, there),
        keep_event=keep.KeepEvent(env),
        keep_failed_update=failed.KeepFailedUpdate(env),
        keep_first_owner=owner.KeepFirstOwner(env, read_owner),
        list_audit=audit.ListAudit(env),
        list_calls=decide.ListCalls(env),
        list_cancellations=operator.ListCancellations(env),
        list_client_invoices=look.ListClientInvoices(env),
        list_client_services=look.ListClientServices(env),
        list_due_dates=forecast.ListDueDates(env),
        list_invoices=invoices.ListInvoices(env),
        list_links=users.ListLinks(env),
        list_orders=operator.ListOrders(env),
        list_proformas=operator.ListProformas(env),
        list_renewals=renew.ListRenewals(env),
        list_tasks=finish.ListTasks(env),
        list_stuck=failed.ListStuck(env),
        list_unplaced=unplaced.ListUnplaced(env),
        list_unreachable=reports.ListUnreachable(env),
        list_waiting=list_waiting.ListWaiting(env),
        list_services=ListServices(env),
        show_offer=offer.ShowOffer(env),
        load_company=load.LoadCompany(env, settler),
        merge_clients=merge.MergeClients(env, reader),
        move_owner=owner.MoveOwner(env, read_owner),
        mute_from_digest=snooze.MuteFromDigest(env),
        next_reminder=next_reminder.NextReminder(env),
        note_blocked=account.NoteBlocked(env),
        note_restore=restore.NoteRestore(env),
        pay_from_balance=pay_from_balance.PayFromBalance(env, panel, show_invoice),
        pay_invoice=checkout.PayInvoice(env, gateways, settler),
        place_order=checkout.PlaceOrder(env, gateways, settler),
        plan_reminders=plan.PlanReminders(env),
        preview_link=account.PreviewLink(env),
        preview_reminders=preview.PreviewReminders(env),
        read_changes=read_changes.ReadChanges(reader, first),
        read_everything=read_everything.ReadEverything(reader),
        read_first=first,
        prove_link=fresh_codes.ProveLink(env),
        read_catalogue=read_offers,
        read_known=load.ReadKnown(env),
        read_message=matters.ReadMessage(env),
        read_owner=read_owner,
        read_reminder_log=reports.ReadReminderLog(env),
        refresh_catalogue=reading_catalogue.RefreshCatalogue(env, read_offers),
        record_transfer=record_transfer,
        refresh_client=refresh_client.RefreshClient(reader),
        remove_from_digest=sent_digest.RemoveFromDigest(env),
        remove_line=cart.RemoveLine(env),
        remove_renewal=renew.RemoveRenewal(env),
        remove_user=users.RemoveUser(env),
        restore_lines=cart.RestoreLines(env),
        rename_service=browse.RenameService(env),
        renew_from_page=renew_from_page.RenewFromPage(env),
        renew_lapsed=renew_lapsed.RenewLapsed(env, gateways),
        request_cancellation=cancel.RequestCancellation(env, panel),
        request_email_code=by_email.RequestEmailCode(env),
        request_fresh_code=fresh_codes.RequestFreshCode(env),
        retry_call=decide.RetryCall(env),
        retry_stuck=failed.RetryStuck(env),
        run_calls=run_calls.RunCalls(env, connected, outcome, reads_back, answers),
        review_checkout=checkout.ReviewCheckout(env, gateways),
        search=search.Search(env, ListServices(env)),
        send_digests=send.SendDigests(env, notifier, in_flight),
        send_email_codes=send_codes.SendEmailCodes(env, mailer, there),
        send_order=orders.SendOrder(env, panel),
        send_outbox=outbox.SendOutbox(env, notifier, redraw.RedrawPaid(env), in_flight),
        show_access=users.ShowAccess(env),
        show_account=account.ShowAccount(env),
        show_addon=addon_choice.ShowAddOn(env),
        show_allowed=allowed.ShowAllowed(env),
        show_bill=matters.ShowBill(env),
        show_cart=cart.ShowCart(env),
        show_catalog=help_topics.ShowCatalog(env),
        show_client_card=look.ShowClientCard(env),
        show_client_invoice=look.ShowClientInvoice(env, show_invoice),
        show_client_service=look.ShowClientService(env, browse.ShowService(env)),
        show_costs=forecast.ShowCosts(env),
        show_credit=invoices.ShowCredit(env),
        show_desk=show_desk.ShowDesk(env),
        show_digest=sent_digest.ShowDigest(env),
        show_help=help_topics.ShowHelp(env),
        show_home=home.ShowHome(env),
        show_invoice=show_invoice,
        show_line_cycles=cart.ShowLineCycles(env),
        show_order=orders.ShowOrder(env),
        show_pay_page=pay_page.ShowPayPage(env),
        show_product=catalogue.ShowProduct(env),
        show_renewal_cycles=cart.ShowRenewalCycles(env),
        show_reminder_settings=settings.ShowReminderSettings(env),
        show_service=browse.ShowService(env),
        show_service_addons=addon_choice.ShowServiceAddOns(env),
        show_shop=catalogue.ShowShop(env),
        show_standing=matters.ShowStanding(env),
        show_waiting_messages=operator_chat.ShowWaitingMessages(env),
        snooze_digest=snooze.SnoozeDigest(env),
        switch_client=account.SwitchClient(env),
        switch_service_reminders=settings.SwitchServiceReminders(env),
        tell_summary=summary.TellSummary(env),
        take_update_again=failed.TakeUpdateAgain(env),
        tell_wrong_codes=wrong_codes.TellWrongCodes(env),
        try_operator_chat=operator_chat.TryOperatorChat(env),
        unlink=account.Unlink(env),
        unmute_from_digest=snooze.UnmuteFromDigest(env),
        vote=help_topics.Vote(env),
        withdraw_cancellation=cancel.WithdrawCancellation(env, panel),
        withdraw_invitations=link_codes.WithdrawInvitations(env),
        withdraw_order=orders.WithdrawOrder(env, panel),
    )
