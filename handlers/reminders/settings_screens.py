"""What a user wants of reminders: each screen says what comes of it."""

from markupsafe import Markup

from billing.rules.reminders.stages import ReminderKind
from billing.views.reminders.settings import PausedService, ReminderSettings
from handlers.buttons import (
    OpenKinds,
    OpenQuietHours,
    OpenRemindedServices,
    OpenReminderHours,
    OpenReminders,
    OpenStages,
    SwitchKind,
    SwitchReminders,
    SwitchServiceReminders,
    SwitchStage,
    back_to,
)
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Screen, Style
from handlers.chat.screens.widgets import back, lines, pager, rows_of
from handlers.chat.screens.wording import button_name, placed_title
from handlers.reminders.settings_words import (
    due_line,
    hour_name,
    kind_name,
    kinds_of,
    next_reminder,
    quiet_name,
    service_entry,
    silence,
    stage_name,
    toggle_label,
)
from locales.text import Plain
from locales.translator import Translator

ON_PAGE = 8


def reminders(t: Translator, settings: ReminderSettings, origin: Origin) -> Screen:
    """All of it at a glance; who wants none has nothing else to choose."""
    leave = back(t, back_to(origin))
    if not settings.preferences.on:
        on = SwitchReminders(on=True, origin=origin)
        return Screen(
            lines(t("🔔 <b>Reminders</b>"), "", next_reminder(t, settings)),
            ((Button(t.plain("Turn reminders on"), on, Style.PRIMARY),), (leave,)),
        )
    off = SwitchReminders(on=False, origin=origin)
    return Screen(
        lines(
            t("🔔 <b>Reminders</b>"), "", next_reminder(t, settings), "", *_choices(t, settings)
        ),
        (
            (
                Button(t.plain("📅 Days"), OpenStages(origin)),
                Button(t.plain("🕙 Hour"), OpenReminderHours(origin)),
            ),
            (
                Button(t.plain("🌙 Quiet hours"), OpenQuietHours(origin=origin)),
                Button(t.plain("🏷 About"), OpenKinds(origin)),
            ),
            (Button(t.plain("📦 Service by service"), OpenRemindedServices(origin=origin)),),
            (Button(t.plain("Turn reminders off"), off),),
            (leave,),
        ),
    )


def _choices(t: Translator, settings: ReminderSettings) -> tuple[Markup | None, ...]:
    preferences = settings.preferences
    days = sum(stage not in preferences.stages_off for stage in settings.stages)
    quiet = sum(one.pause is not None for one in settings.services)
    return (
        t("📅 Days: {n} of {all}", n=days, all=len(settings.stages))
        if days
        else t("📅 Days: none"),
        t("🕙 Hour: about {hour}", hour=hour_name(t, settings.hour)),
        t("🌙 Quiet hours: {hours}", hours=quiet_name(t, preferences.quiet)),
        t("🏷 About: {kinds}", kinds=_kinds_on(t, settings)),
        t.n("🔕 {n} quiet service", "🔕 {n} quiet services", quiet) if quiet else None,
    )


def _kinds_on(t: Translator, settings: ReminderSettings) -> Plain:
    on = [kind for kind in kinds_of(settings) if kind not in settings.preferences.kinds_off]
    if not on:
        return t.plain("nothing")
    return Plain(", ".join(kind_name(t, kind) for kind in on))


def stages(t: Translator, settings: ReminderSettings, origin: Origin) -> Screen:
    """Every day that the company reminds on, to be switched on and off."""
    return Screen(
        lines(
            t("📅 <b>When shall we remind you?</b>"),
            "",
            next_reminder(t, settings),
            "",
            t("Counted from the day on which something is due. Tap to switch."),
        ),
        (
            *rows_of((_stage(t, settings, stage, origin) for stage in settings.stages), 2),
            (back(t, OpenReminders(origin)),),
        ),
    )


def _stage(t: Translator, settings: ReminderSettings, stage: int, origin: Origin) -> Button:
    on = stage not in settings.preferences.stages_off
    switch = SwitchStage(abs(stage), late=stage < 0, on=not on, origin=origin)
    return Button(toggle_label(stage_name(t, stage), on=on), switch)


def kinds(t: Translator, settings: ReminderSettings, origin: Origin) -> Screen:
    """What reminders speak of, to be switched on and off."""
    return Screen(
        lines(
            t("🏷 <b>What shall we remind you of?</b>"),
            "",
            next_reminder(t, settings),
            "",
            t("Tap to switch."),
        ),
        (
            *((_kind(t, settings, kind, origin),) for kind in kinds_of(settings)),
            (back(t, OpenReminders(origin)),),
        ),
    )


def _kind(t: Translator, settings: ReminderSettings, kind: ReminderKind, origin: Origin) -> Button:
    on = kind not in settings.preferences.kinds_off
    return Button(toggle_label(kind_name(t, kind), on=on), SwitchKind(kind, not on, origin))


def services(t: Translator, settings: ReminderSettings, origin: Origin, page: int = 0) -> Screen:
    """Every service that reminders speak of, to be switched on and off."""
    pages = max(1, -(-len(settings.services) // ON_PAGE))
    page = min(page, pages - 1)
    page_services = settings.services[page * ON_PAGE : (page + 1) * ON_PAGE]
    first = page * ON_PAGE + 1
    service_lines = (
        service_entry(t, settings, one, number) for number, one in enumerate(page_services, first)
    )
    switches = (
        _switch(t, one, number, SwitchServiceReminders(
            one.service.id, on=one.pause is not None, page=page, origin=origin
        ))
        for number, one in enumerate(page_services, first)
    )  # fmt: skip
    empty = None if page_services else t("Nothing of yours will be due.")
    return Screen(
        lines(
            t("📦 <b>Service by service</b>"),
            "",
            next_reminder(t, settings),
            "",
            *service_lines,
            empty,
        ),
        (
            *rows_of(switches, 2),
            *pager(t, page, pages, lambda there: OpenRemindedServices(there, origin)),
            (back(t, OpenReminders(origin)),),
        ),
    )


def _switch(
    t: Translator, one: PausedService, number: int, action: SwitchServiceReminders
) -> Button:
    label = t.plain("{number} · {name}", number=number, name=button_name(one.service))
    return Button(toggle_label(label, on=one.pause is None), action)


def service(
    t: Translator, settings: ReminderSettings, one: PausedService, origin: Origin
) -> Screen:
    """Reminders of one service."""
    switch = SwitchServiceReminders(one.service.id, on=one.pause is not None, origin=origin)
    never, again = t.plain("Never remind me of it"), t.plain("Remind me as before")
    return Screen(
        lines(
            t("🔔 <b>Reminders</b>"),
            placed_title(t, one),
            due_line(t, settings, one),
            "",
            _how(t, settings, one),
        ),
        (
            (Button(never if one.pause is None else again, switch),),
            (Button(t.plain("All my reminders"), OpenReminders(Origin.SERVICE)),),
            (back(t, back_to(origin)),),
        ),
    )


def _how(t: Translator, settings: ReminderSettings, one: PausedService) -> Markup:
    """What is heard of it, and when of anything: one that is put off may wait longer."""
    state = (
        t("🔔 You are reminded of it.") if one.pause is None else silence(t, settings, one.pause)
    )
    return lines(state, "", t("All your services:"), next_reminder(t, settings))
