from dataclasses import replace

import pytest
from markupsafe import escape

from billing.rules.payments.charges import Misfit
from billing.rules.reach import ClosedChat
from billing.rules.work import WorkKind
from billing.views.account import Reach
from billing.views.notices.notice import Notice, UnreadableNotice
from billing.views.notices.operator import (
    MessagesWaited,
    OperatorNotice,
    ReminderSummary,
)
from billing.views.reminders.reports import DigestCounts
from handlers.chat.screens.screen import Copy, Screen
from handlers.notices.operator import messages as operator
from tests.gallery import notices as samples
from tests.gallery.notices import ENDS, NUMBER, to_operator
from tests.handlers.reading import EN, PL, actions, read
from tests.make import invoice, money


def event(told: Notice | UnreadableNotice) -> Screen:
    return operator.operator_notice(EN, to_operator(told))


def named(told: Notice) -> str:
    return told.topic


FIVE = money("5.00")


@pytest.mark.parametrize(
    ("told", "commands"),
    [
        (samples.ORDER, ["panelik orders accept 12", "panelik orders reject 12"]),
        (
            samples.REQUESTED,
            ["panelik cancellations accept 3", "panelik cancellations reject 3"],
        ),
        (samples.WITHDRAWN, ["panelik cancellations"]),
        (samples.TASKS, ["panelik tasks done 7"]),
        (replace(samples.TASKS, tasks=samples.SEVERAL), ["panelik tasks done 7 8 9 10 11"]),
        (samples.PAID, []),
        (replace(samples.OVERPAID, amount=FIVE), ["panelik credit -- C-1 -5.00"]),
        (replace(samples.TOO_LATE, amount=FIVE), ["panelik credit -- C-1 -5.00"]),
        (samples.UNDELIVERED, ["panelik credit -- C-1 -35.67"]),
        (samples.AFTER_MOVE, []),
        (
            replace(samples.UNPLACED, misfit=Misfit.STRANGER),
            ["panelik unplaced credit 7 C-1", "panelik unplaced close 7 --note 'what you did'"],
        ),
        (
            replace(samples.UNPLACED, misfit=Misfit.OTHER_CURRENCY),
            ["panelik unplaced close 7 --note 'what you did'"],
        ),
        (
            replace(samples.UNPLACED, misfit=Misfit.NOT_BOOKED),
            [
                "panelik unplaced book 7",
                "panelik unplaced credit 7 C-1",
                "panelik unplaced close 7 --note 'what you did'",
            ],
        ),
    ],
)
def test_the_operator_reads_and_copies_the_commands(told: Notice, commands: list[str]) -> None:
    screen = event(told)
    assert [copy.text for copy in actions(screen, Copy)] == commands
    for command in commands:
        assert f"<code>{escape(command)}</code>" in screen.text
    assert "C-1 · Anna Nowak" in read(screen)


def test_a_clients_id_is_quoted_in_a_command() -> None:
    overpaid = to_operator(samples.OVERPAID)
    assert overpaid.client is not None
    strange = replace(overpaid, client=replace(overpaid.client, ref="a b; rm"))
    (command,) = actions(operator.operator_notice(EN, strange), Copy)
    assert command.text == "panelik credit -- 'a b; rm' -35.67"


@pytest.mark.parametrize(
    ("reach", "words"),
    [
        (Reach.REACHED, "The client is told"),
        (Reach.NOBODY_LINKED, "Nobody reads the bot"),
        (Reach.UNREACHABLE, "Nobody reads the bot"),
    ],
)
def test_the_operator_reads_whether_the_client_hears_of_late_money(
    reach: Reach, words: str
) -> None:
    assert words in read(event(replace(samples.TOO_LATE, reach=reach)))


@pytest.mark.parametrize(
    "told", [one for one in samples.NOTICES if isinstance(one, OperatorNotice)], ids=named
)
def test_of_what_cannot_be_drawn_the_operator_reads_the_facts(told: Notice) -> None:
    assert event(told) != operator.short(EN, to_operator(told))
    text = read(operator.short(EN, to_operator(samples.OVERPAID)))
    assert text.splitlines()[2:] == [
        "topic: overpaid", "client_id: 1", f"number: {NUMBER}", "amount: 35.67 PLN"
    ]  # fmt: skip


def test_of_what_cannot_be_read_the_operator_reads_all_there_is() -> None:
    text = read(event(UnreadableNotice("something_new", '{"name": "<Hosting>"}')))
    assert "topic: something_new" in text
    assert '{"name": "<Hosting>"}' in text


def test_the_summary_of_a_day_counts_in_words_that_fit() -> None:
    digests = DigestCounts(sent=1, deferred=2, waiting=5, void=22, undeliverable=1)
    summary = replace(samples.SUMMARY, digests=digests)
    screen = operator.operator_notice(PL, to_operator(summary))
    assert read(screen).splitlines() == [
        "📊 Podsumowanie dnia 10 kwi 2026",
        "",
        "💰 Wpłaty od wczorajszego wieczoru: 3 · 24,00 € · 1 234,50 zł",
        "⏳ 22 proformy czekają na zapłatę · 40,00 € · 1 234,50 zł",
        "⚠️ 7 usług po terminie · 948,00 zł i 2 ceny jeszcze nieznane",
        "Zagrożone",
        "· 1 proforma wygasa w ciągu 3 dni · 35,67 zł",
        "· 2 usługi ponad tydzień po terminie i 2 ceny jeszcze nieznane",
        "",
        "Do zrobienia",
        "· 2 zamówienia do przyjęcia: panelik orders",
        "· 1 rezygnacja do rozpatrzenia: panelik cancellations",
        "· 3 zadania po wpłatach: panelik tasks",
        "· 1 wpłata, która do niczego nie pasuje: panelik unplaced",
        "· 5 zapisów w panelu wymaga decyzji: panelik calls",
        "",
        "Przypomnienia",
        "✅ 1 przypomnienie wysłane",
        "⏸ 2 przypomnienia odłożono na później",
        "🕓 5 przypomnień wciąż czeka",
        "➖ 22 przypomnienia okazały się zbędne",
        "⚠️ 1 przypomnienie niedoręczone",
        "",
        "🚫 12 klientów nieosiągalnych",
        "· 5 – nikt nie połączył konta",
        "· 4 – bez naciśnięcia Start",
        "· 2 – bot zablokowany",
        "· 1 – konto w Telegramie wyłączone",
        "5 usług z bliskim lub minionym terminem",
        "Zagrożone: 40,00 € · 1 234,50 zł",
        "",
        "Kto to jest: panelik reminders undeliverable",
    ]
    assert [copy.text for copy in actions(screen, Copy)] == ["panelik reminders undeliverable"]


def test_what_waited_is_counted_with_the_reason() -> None:
    waited = operator.operator_notice(PL, to_operator(samples.WAITED))
    assert read(waited).splitlines() == [
        "📬 12 wiadomości czekało na Ciebie",
        "",
        "Najstarsza: 10 kwi 2026, 10:15",
        "Usunięto nas z tego czatu lub zablokowano w nim.",
        "To, co wciąż jest potrzebne, wysyłamy teraz.",
    ]
    for why in ClosedChat:
        assert read(event(MessagesWaited(why, 1))).splitlines()[0] == "📬 1 message waited for you"
        assert operator.CLOSED[why](EN) in event(MessagesWaited(why, 1)).text


def test_a_day_on_which_all_went_well_is_summed_up_in_a_line() -> None:
    screen = event(ReminderSummary(ENDS, DigestCounts(sent=12)))
    assert read(screen).splitlines() == [
        "📊 Summary of 10 Apr 2026", "", "Reminders", "✅ 12 reminders sent",
    ]  # fmt: skip
    assert screen.rows == ()


def test_a_task_says_what_is_to_be_done_for_whom() -> None:
    assert read(event(samples.TASKS)).splitlines() == [
        "🛠 To do: switch on again",
        "",
        "Hosting Start · anna.example",
        "Client: C-1 · Anna Nowak",
        f"Proforma {NUMBER}",
        "",
        "Done: panelik tasks done 7",
    ]


@pytest.mark.parametrize(
    ("kind", "english", "polish"),
    [
        (WorkKind.ORDER, "set up a new product", "uruchom nowy produkt"),
        (WorkKind.ADDON, "set up an add-on", "uruchom dodatek"),
        (WorkKind.RENEWAL, "carry out the renewal", "przeprowadź odnowienie"),
        (WorkKind.REACTIVATION, "switch on again", "włącz ponownie"),
    ],
)
def test_every_kind_of_work_has_words(kind: WorkKind, english: str, polish: str) -> None:
    told = replace(samples.TASKS, tasks=(replace(samples.TASK, kind=kind),))
    assert english in read(event(told))
    assert polish in read(operator.operator_notice(PL, to_operator(told)))


def test_the_tasks_of_a_proforma_stand_in_one_message_with_their_numbers() -> None:
    told = replace(samples.TASKS, tasks=samples.SEVERAL)
    title, _, first, *_ = read(event(told)).splitlines()
    assert (title, first) == (
        "🛠 5 things to do",
        "7. Hosting <Start> · anna.example: set up a new product",
    )


def test_of_very_many_tasks_the_rest_is_counted() -> None:
    tasks = tuple(replace(samples.TASK, task_id=number) for number in range(1, 43))
    screen = event(replace(samples.TASKS, tasks=tasks))
    assert "… and 22 more" in read(screen)
    done, everything = (copy.text for copy in actions(screen, Copy))
    assert done.split()[-1] == "20"
    assert everything == "panelik tasks"


def test_a_paid_proforma_names_its_money_its_way_and_its_lines() -> None:
    paid = to_operator(samples.PAID, invoice=invoice())
    assert read(operator.operator_notice(EN, paid)).splitlines() == [
        "💰 Paid: PLN 35.67",
        "",
        "Client: C-1 · Anna Nowak",
        f"Proforma {NUMBER}",
        "How: Bank transfer",
        "",
        "• Hosting start · anna.example",
    ]


def test_the_last_part_of_a_payment_says_how_much_it_was() -> None:
    told = replace(samples.PAID, gateway="", last=FIVE)
    assert "How: Account credit, the last PLN 5.00" in read(event(told))
