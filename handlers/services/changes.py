"""Questions about a service: its name; when and why to cancel it, and confirmation."""

from collections.abc import Sequence

from markupsafe import Markup

from billing.rules.services.service import Service
from billing.rules.shop.catalog import text_in
from billing.views.services import Cancellation, CancelWhen, ServicePage
from handlers.buttons import (
    AskCancelReason,
    OpenService,
    OpenServices,
    RequestCancellation,
    ResetServiceName,
    SkipCancelReason,
)
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import back, cancel, lines, shortened
from handlers.chat.screens.wording import title_with_domain
from handlers.services.ending_addons import ending_addons, has_live
from locales.labels import date_or_unknown
from locales.text import Plain
from locales.translator import Translator

REASON_SHOWN = 700
NAME_LIMIT = 60
ABOUT_LIMIT = 1000
"""The longest text that the data folder allows."""


def _with_gap(block: Sequence[str | Markup]) -> tuple[str | Markup, ...]:
    """A block after an empty line; nothing for nothing."""
    return ("", *block) if block else ()


def ask_name(t: Translator, place: OpenService) -> Screen:
    """The question for the client's own name of a service."""
    reset = ResetServiceName(place.service, place.origin, place.inside)
    return Screen(
        lines(
            t("✏️ <b>Rename</b>"),
            "",
            t("Type a name of your own, up to 60 characters. Only people on your account see it."),
            t("<i>A dash (—) brings the product's name back.</i>"),
        ),
        (
            (Button(t.plain("Use the product's name"), reset),),
            (cancel(t, place),),
        ),
    )


def name_reset(t: Translator, place: OpenService) -> Screen:
    """The note after the product's name was restored."""
    return Screen(t("✅ <b>It has the product's name again.</b>"), _onwards(t, place))


def ask_when(t: Translator, page: ServicePage, place: OpenService) -> Screen:
    """The question when to cancel a service."""
    due = page.service.next_due_date
    later: tuple[Row, ...] = ()
    if page.can_end_later:
        label = t.plain("At the end of the period: {date}", date=date_or_unknown(t, due))
        later = ((_choice(label, page, place, CancelWhen.PERIOD_END),),)
    return Screen(
        lines(
            t("❌ <b>Cancel the service</b>"),
            _title(t, page.service),
            "",
            _when_it_takes_effect(t, page, has_choice=bool(later)),
            t("<i>Its add-ons end with it.</i>") if has_live(page.addons) else None,
        ),
        (
            *later,
            (
                _choice(
                    t.plain("At once")
                    if CancelWhen.NOW in page.ended_by_panel
                    else t.plain("As soon as possible"),
                    page,
                    place,
                    CancelWhen.NOW,
                    Style.DANGER,
                ),
            ),
            (back(t, place),),
        ),
    )


def _when_it_takes_effect(t: Translator, page: ServicePage, *, has_choice: bool) -> Markup:
    """Whether somebody decides about the request before it takes effect."""
    at_once = CancelWhen.NOW in page.ended_by_panel
    at_end = CancelWhen.PERIOD_END in page.ended_by_panel
    if at_once and (at_end or not has_choice):
        return t("When should it end? There is one more question before anything happens.")
    if at_once:
        return t(
            "When should it end? At the end of its period we have to accept it first; at once "
            "means right after you confirm."
        )
    return t("When should it end? It takes effect once we have accepted your request.")


def _choice(
    label: Plain,
    page: ServicePage,
    place: OpenService,
    when: CancelWhen,
    style: Style | None = None,
) -> Button:
    action = AskCancelReason(place.service, when, place.origin, place.inside)
    return Button(label, action, style, asks_panel=when in page.ended_by_panel)


def ask_reason(t: Translator, draft: int, place: OpenService) -> Screen:
    """The question for the reason, which can be skipped."""
    return Screen(
        lines(
            t("❌ <b>Cancel the service</b>"),
            "",
            t("Why do you want to cancel it? Type a few words; they help us do better."),
        ),
        (
            (Button(t.plain("Skip"), SkipCancelReason(draft)),),
            (_keep(t, place),),
        ),
    )


def confirm(
    t: Translator,
    page: ServicePage,
    when: CancelWhen,
    reason: str,
    *,
    draft: int,
    place: OpenService,
) -> Screen:
    """The request in full, to be confirmed."""
    at_once = when is CancelWhen.NOW and when in page.ended_by_panel
    return Screen(
        lines(
            t("❌ <b>Cancel the service?</b>"),
            _title(t, page.service),
            "",
            _ends(t, page, when, at_once=at_once),
            t("Reason: {reason}", reason=shortened(reason, REASON_SHOWN)) if reason else None,
            *_with_gap(ending_addons(t, page.addons)),
            *_with_gap(_about(t, page)),
            "",
            t("⚠️ <b>This cannot be taken back.</b>")
            if when in page.final
            else t("<i>You can withdraw the request until it is carried out.</i>"),
        ),
        (
            (
                Button(
                    t.plain("Yes, end it now")
                    if at_once
                    else t.plain("Yes, request cancellation"),
                    RequestCancellation(draft),
                    Style.DANGER,
                    asks_panel=when in page.ended_by_panel,
                ),
            ),
            (_keep(t, place),),
        ),
    )


def _ends(t: Translator, page: ServicePage, when: CancelWhen, *, at_once: bool) -> Markup:
    """When it would end, as far as that is known."""
    due = page.service.next_due_date
    if at_once:
        return t("⚠️ <b>It ends at once, with all that is on it.</b>")
    if when is CancelWhen.PERIOD_END and due is not None and due > page.today:
        return t("It ends on <b>{date}</b>.", date=t.date(due))
    if when is CancelWhen.PERIOD_END and page.service.has_unknown_due_date:
        return t("It ends at the end of its period; we do not know that day yet.")
    return t("It ends as soon as we accept your request.")


def _about(t: Translator, page: ServicePage) -> tuple[Plain, ...]:
    """The company's words on files, mail and money, if it has any."""
    text = text_in(page.about_cancelling, (t.language,)).strip()
    return (shortened(text, ABOUT_LIMIT),) if text else ()


def _keep(t: Translator, place: OpenService) -> Button:
    """The way out; "Cancel" could be read as a yes here."""
    return Button(t.plain("No, keep it"), place)


def cancellation_requested(
    t: Translator, cancellation: Cancellation, place: OpenService, *, at_once: bool = False
) -> Screen:
    """The screen after a request, with what happens next; `at_once` where nobody has to decide."""
    if at_once:
        return Screen(
            lines(
                t("🕓 <b>We are ending the service.</b>"),
                "",
                t("We will let you know here as soon as it is done."),
            ),
            _onwards(t, place),
        )
    ends = None
    if cancellation.when is CancelWhen.PERIOD_END and cancellation.effective_on is not None:
        ends = t("You asked to end it on <b>{date}</b>.", date=t.date(cancellation.effective_on))
    elif cancellation.is_undated:
        ends = t("You asked to end it with its period; we do not know that day yet.")
    return Screen(
        lines(
            t("✅ <b>We have your cancellation request.</b>"),
            "",
            t("We will answer here. Until then everything works as before."),
            ends,
        ),
        _onwards(t, place),
    )


def cancellation_withdrawn(t: Translator, *, there_was_one: bool, place: OpenService) -> Screen:
    """The note after a request was withdrawn."""
    text = (
        t("✅ <b>The request is withdrawn. The service stays.</b>")
        if there_was_one
        else t("There is no open cancellation request for this service.")
    )
    return Screen(text, _onwards(t, place))


def _onwards(t: Translator, place: OpenService) -> tuple[Row, ...]:
    return (
        (Button(t.plain("Service page"), place),),
        (Button(t.plain("Services"), OpenServices()),),
    )


def _title(t: Translator, service: Service) -> Markup:
    return title_with_domain(t, service.title, shortened(service.domain, NAME_LIMIT))
