"""`panelik check` and what every command says about wrong settings."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.mailbox import Mailbox, mail_server
from bot.sandbox.methods.api import TOKEN, BotApi
from bot.sandbox.people import ANNA
from bot.sandbox.server import create_app, serve
from bot.web.address import hook_address
from tests.bot.commands.conftest import Outcome, Panelik
from tests.bot.datafolder.folders import CATALOG, client, write

WITH_TEXTS = CATALOG.replace(
    "  name: Chmurnik\n",
    "  name: Chmurnik\n  terms: Terms\n  privacy: Privacy\n  payment_support: Write to us\n"
    "  bank_accounts: {PLN: {holder: Chmurnik, number: '1001'}}\n",
    1,
)

OTHER_TOKEN = TOKEN[:-3] + "zzz"


@pytest.fixture
def api() -> BotApi:
    return BotApi()


@pytest.fixture
async def url(api: BotApi) -> AsyncIterator[str]:
    async with serve(create_app(api)) as url:
        yield url


async def check(panelik: Panelik, url: str, token: str = TOKEN, **settings: str) -> Outcome:
    """Run it in a thread: its own event loop asks the sandbox in this one."""
    given = {"API_URL": url, "BOT_TOKEN": token, **settings}
    return await asyncio.to_thread(panelik, "check", **given)


@pytest.mark.slow
async def test_everything_is_in_place(loaded: Panelik, url: str) -> None:
    told = await check(loaded, url)
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        "Settings: fine.",
        "Database: fine.",
        "Data: Chmurnik Hosting (firma zmyślona), 16 products and add-ons.",
        "Token: fine, the bot is @panelik_sandbox_bot.",
        "Everything is in place: `panelik run` starts the bot.",
    ]


@pytest.mark.slow
async def test_the_mail_server_is_tried(loaded: Panelik, url: str) -> None:
    sender = {"MAIL_FROM": "Chmurnik <bok@chmurnik.example>"}
    async with mail_server(Mailbox()) as port:
        told = await check(loaded, url, SMTP_URL=f"smtp://localhost:{port}", **sender)
        assert told.code == 0
        assert "E-mail: fine, the server would take one." in told.out
    told = await check(loaded, url, SMTP_URL=f"smtp://localhost:{port}", **sender)
    assert told.code == 1
    assert "E-mail: the server of PANELIK_SMTP_URL would not take one; the log says why." in (
        told.err
    )


@pytest.mark.slow
async def test_no_data_is_loaded(panelik: Panelik, url: str) -> None:
    told = await check(panelik, url)
    assert told.code == 1
    assert told.err == (
        "Data: nothing is loaded yet. Run `panelik load FOLDER` (docs/data-folder.md)."
    )


@pytest.mark.slow
async def test_a_token_that_telegram_does_not_know(loaded: Panelik, url: str) -> None:
    told = await check(loaded, url, OTHER_TOKEN)
    assert told.code == 1
    assert told.err == (
        "Token: Telegram does not accept PANELIK_BOT_TOKEN. Copy it from @BotFather."
    )
    assert OTHER_TOKEN not in told.out + told.err


@pytest.mark.slow
async def test_telegram_cannot_be_reached(loaded: Panelik) -> None:
    told = await check(loaded, "http://127.0.0.1:9")
    assert told.code == 1
    assert told.err.startswith("Token: http://127.0.0.1:9 cannot be reached")


async def test_a_proxy_that_repeats_the_request_tells_no_password(loaded: Panelik) -> None:
    told_in_base64 = b64encode(b"robot:pa55word").decode()

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert told_in_base64 in seen
        page = f"<pre>{seen}</pre>"
        writer.write(
            f"HTTP/1.1 403 Forbidden\r\nContent-Length: {len(page)}\r\n\r\n{page}".encode()
        )
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as proxy:
        port = proxy.sockets[0].getsockname()[1]
        address = f"http://robot:pa55word@127.0.0.1:{port}"
        told = await check(loaded, "http://telegram.example", PROXY_URL=address)
    assert told.code == 1
    assert "Token: Telegram says:" in told.err
    assert "Basic ***" in told.err
    for secret in (told_in_base64, "pa55word", TOKEN):
        assert secret not in told.out + told.err


@pytest.mark.slow
async def test_a_webhook_is_in_the_way(loaded: Panelik, url: str, api: BotApi) -> None:
    await api.call("setWebhook", {"url": f"{url}/hook"})
    told = await check(loaded, url)
    assert told.code == 1
    assert told.err == (
        "Webhook: another installation has set one for this bot. Stop it and remove the webhook, "
        "or receive by webhook here too (PANELIK_MODE=webhook)."
    )


@pytest.mark.slow
async def test_a_webhook_that_is_ours(loaded: Panelik, url: str, api: BotApi) -> None:
    by_webhook = {"MODE": "webhook", "PUBLIC_URL": "http://127.0.0.1:9"}
    ours = hook_address(TOKEN, by_webhook["PUBLIC_URL"])
    await api.call("setWebhook", {"url": ours.url})
    assert (await check(loaded, url)).err == ""
    assert (await check(loaded, url, **by_webhook)).err == ""
    elsewhere = await check(loaded, url, MODE="webhook", PUBLIC_URL="https://new.example")
    assert "Webhook: Telegram posts to another address now" in elsewhere.err
    api.visitor(ANNA.id).send("hello")
    sender = api.world.webhook
    assert sender is not None
    async with asyncio.timeout(20):
        while not sender.last_error:  # noqa: ASYNC110 - the sender tells nobody
            await asyncio.sleep(0.01)
    unreached = await check(loaded, url, **by_webhook)
    assert "Webhook: Telegram could not post 1 update: Connection failed" in unreached.err


async def test_a_file_that_is_not_a_database_is_reported(panelik: Panelik, url: str) -> None:
    panelik.database.write_text("not a database")
    told = await check(panelik, url)
    assert told.code == 1
    assert told.err.startswith("Database: ")


@pytest.mark.slow
async def test_clients_who_have_no_way_to_pay(panelik: Panelik, url: str, tmp_path: Path) -> None:
    rows = [client(id="C-1"), client(id="C-2", currency="EUR"), client(id="C-3", currency="EUR")]
    write(tmp_path, catalog=WITH_TEXTS, clients=rows)
    await asyncio.to_thread(panelik, "load", tmp_path)
    told = await check(panelik, url)
    assert told.code == 1
    assert told.err == (
        "Payments: 2 clients with EUR and no way to pay: add company.bank_accounts.EUR to "
        "catalog.yaml and load it, or set PANELIK_PROVIDER_TOKEN."
    )
    assert (await check(panelik, url, PROVIDER_TOKEN="284685063:TEST:sandbox")).err == ""


@pytest.mark.slow
async def test_a_company_without_clients_has_no_way_to_pay(
    panelik: Panelik, url: str, tmp_path: Path
) -> None:
    write(tmp_path, clients=[])
    await asyncio.to_thread(panelik, "load", tmp_path)
    assert "Payments: 0 clients with PLN and no way to pay" in (await check(panelik, url)).err


async def test_a_database_that_is_not_there_is_not_made(panelik: Panelik, url: str) -> None:
    panelik.database.unlink()
    told = await check(panelik, url)
    assert told.code == 1
    assert told.err.startswith(f"Database: {panelik.database} does not exist. ")
    assert not panelik.database.exists()


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_missing_token_is_named(panelik: Panelik, command: str) -> None:
    told = panelik(command)
    assert (told.code, told.out) == (2, "")
    assert "PANELIK_BOT_TOKEN is missing." in told.err


@pytest.mark.parametrize(
    "command", [("load", "x"), ("link", "C-1"), ("orders",), ("paid", "PRO-1")]
)
def test_a_wrong_setting_is_named_by_every_command(
    panelik: Panelik, command: tuple[str, ...]
) -> None:
    told = panelik(*command, TIMEZONE="Warszawa", TAX_RATE="much")
    assert (told.code, told.out) == (2, "")
    assert "PANELIK_TIMEZONE" in told.err or "PANELIK_TAX_RATE" in told.err
    assert "much" not in told.err


def test_a_misspelled_setting_is_named(panelik: Panelik) -> None:
    told = panelik("orders", TIMEZON="Europe/Warsaw")
    assert told.code == 2
    assert (
        "PANELIK_TIMEZON is not a setting of Panelik; did you mean PANELIK_TIMEZONE?" in told.err
    )
