"""The tour: what a client does in the panel, as one conversation over HTTP.

Anna looks at her services, renews two, orders an add-on, pays, finds the new dates, and gets a
reminder of what is due next, which she first puts off. Amounts and dates are those of the invented
company.
"""

import re

import aiohttp

from bot.sandbox.people import ANNA, JOHN
from bot.sandbox.talk import jobs
from bot.sandbox.talk.http_driver import OverHttp
from bot.sandbox.talk.person import Person
from bot.sandbox.talk.transcript import Say, Transcript

DOMAIN = "Domena .pl"
HOSTING = "Hosting Cumulus"
MOST_REMINDERS = 12
DOMAIN_NAME = "galeria-anny-przyklad.pl"
HOSTING_DOMAIN = "galeria-anny.example"


async def walk(url: str, say: Say) -> None:
    """Lead through the bot of a sandbox with the demo data; TourError at the first wrong step."""
    async with aiohttp.ClientSession() as session:
        driver = OverHttp(url, session)
        anna = Transcript(Person(driver, ANNA), say)
        say("Anna Nowak is a client of an invented hosting company. She opens the chat.")
        await _looks_around(anna)
        dates = await _renews(anna)
        await _orders_ssl(anna)
        await _pays(anna)
        await _finds_the_dates(anna, dates)
        await _is_reminded(anna, driver, say)
        john = Transcript(Person(driver, JOHN), say)
        await _until_john_is_reminded(john, driver, say)
        taps = [await _does(john, jobs.PAY_REMINDER)]
        await _glimpse_of_john(john)
        taps += [await _does(john, jobs.OTHER_CYCLE)]
        taps += [
            await _does(anna, job) for job in (jobs.SEE_DUE, jobs.RENEW_URGENT, jobs.PAY_PROFORMA)
        ]
        say("\nTaps that it took, from home or from the reminder:")
        for line in taps:
            say(line)


async def _does(person: Transcript, job: jobs.Job) -> str:
    """Do a job; returns how many taps it took, and fails where that is more than it may take."""
    taps = await job.count(person)
    person.expects(taps <= job.goal, f"a way with {job.goal} taps instead of {taps}")
    person.expects(person.shows(job.ends_with), job.ends_with)
    return f"{taps:>3}  {job.name}"


async def _looks_around(anna: Transcript) -> None:
    await anna.sends("/start", sees=("Konto: Anna Nowak", "[Usługi]"))
    await anna.taps("Usługi", sees=("📦 Usługi", "Hosting Obłok · żółw.example", "po terminie"))
    await anna.taps("Zobacz", sees=("Aktywna (2)", "Zawieszona (2)", "Wszystkie (9)"))
    await anna.taps("Aktywna", sees=(f"{DOMAIN} · ", f"{HOSTING} · "))
    await anna.taps(
        "⏳ Hosting", sees=(HOSTING, "290,00 zł / rok", "za 3 dni", "Dodatkowy adres IP")
    )


async def _renews(anna: Transcript) -> dict[str, str]:
    """Put two renewals into the cart; returns the due dates promised for them."""
    await anna.sends("/renew", sees=("🔄 Odnów usługi",))
    await anna.taps(
        f"☐ {DOMAIN_NAME}",
        note="Dodano do koszyka",
        sees=(f"[☑ {DOMAIN_NAME} · 59,00 zł]", "1 pozycja w koszyku: 59,00 zł"),
    )
    screen = await anna.taps(
        f"☐ {HOSTING_DOMAIN}",
        note="Dodano do koszyka",
        sees=("2 pozycje w koszyku: 349,00 zł", "[Zapłać 349,00 zł]"),
    )
    dates = {}
    for name in (DOMAIN, HOSTING):
        match = re.search(rf"^\d+\. {re.escape(name)} .*\n.* → (.+)$", screen, re.MULTILINE)
        anna.expects(match, f"the due date after renewing {name}")
        dates[name] = match[1] if match else ""
    return dates


async def _orders_ssl(anna: Transcript) -> None:
    await anna.sends("/addons", sees=("🧩 Dodatki", "[Certyfikat SSL]"))
    await anna.taps(
        "Certyfikat SSL", sees=("Certyfikat SSL", "99,00 zł / rok", "179,00 zł / 2 lata")
    )
    await anna.taps("Dodaj do koszyka", sees=("Wybierz okres rozliczeniowy",))
    await anna.taps("rocznie · 99,00 zł", sees=("Wybierz usługę", HOSTING))
    await anna.taps(
        HOSTING,
        note="Dodano do koszyka",
        sees=("🛒 Koszyk", "Certyfikat SSL · dodatek do: Hosting Cumulus", "Razem: 448,00 zł"),
    )


async def _pays(anna: Transcript) -> None:
    """Pay partly from credit and the rest by a Telegram invoice, at the second attempt."""
    await anna.taps("Zapłać", sees=("Jak chcesz zapłacić?", "Saldo: 60,00 zł"))
    await anna.taps("Płatność w Telegramie", sees=("Sprawdź zamówienie", "388,00 zł"))
    await anna.taps("Zamawiam i płacę", sees=("Proforma PRO-", "[Zapłać 388,00 zł]"))
    await anna.pays("fail", ends="failed")
    await anna.pays(ends="paid", sees=("Zapłacono: 448,00 zł", "aktywny do"))


async def _finds_the_dates(anna: Transcript, dates: dict[str, str]) -> None:
    screen = await anna.taps("Usługi", sees=("📦 Usługi",))
    for name, day in dates.items():
        row = rf"^{re.escape(name)} · .*\n.* · {re.escape(day)}$"
        anna.expects(re.search(row, screen, re.MULTILINE), f"{name} with the due date {day}")


async def _is_reminded(anna: Transcript, driver: OverHttp, say: Say) -> None:
    instant = await driver.travel(to="next_reminder")
    say(f"\nThe time machine moves on to {instant['now'][:16].replace('T', ' ')} UTC.")
    await anna.waits_for("⏰", "Dodatkowy adres IP", "za 7 dni", "120,00 zł")
    await anna.taps("🔕 Nie teraz", sees=("Kiedy przypomnieć ponownie?", "[📅 Innego dnia]"))
    await anna.taps("Za 3 dni", note="Przypomnimy:", sees=("🔔 Przypomnimy:",))
    await anna.taps("Przypominaj jak dotąd", sees=("[🔕 Nie teraz]",))
    await anna.taps(
        "Dodaj do koszyka",
        beside="Dodatkowy adres IP",
        note="Dodano do koszyka",
        sees=("[✓ W koszyku]", "[Zapłać 120,00 zł]"),
    )


async def _until_john_is_reminded(john: Transcript, driver: OverHttp, say: Say) -> None:
    """Let days pass, from reminder to reminder; others may come first."""
    for _ in range(MOST_REMINDERS):
        instant = await driver.travel(to="next_reminder")
        say(f"\nThe time machine moves on to {instant['now'][:16].replace('T', ' ')} UTC.")
        if await john.looks_for("⏰"):
            break
    await john.waits_for("⏰")


async def _glimpse_of_john(john: Transcript) -> None:
    """Show a service and a renewal to John, in English and in euros."""
    await john.sends("/start", sees=("Account: John Smith",))
    await john.taps("Services", sees=("📦 Services", "€69.00 / year", "[Renew (1) · €24.00]"))
