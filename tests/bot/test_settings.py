from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr, ValidationError

from bot.setting_problems import SettingsError
from bot.settings import Settings, load_settings
from bot.web.address import hook_address, pay_secret
from tests.described_settings import DescribedSetting, describe_settings

TOKEN = "123456789:AAtestTOKENtestTOKENtestTOKENtest0"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("PANELIK_BOT_TOKEN", TOKEN)
    return monkeypatch


def problems() -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return caught.value.problems


def test_a_token_is_all_that_is_needed(environment: pytest.MonkeyPatch) -> None:
    settings = load_settings()

    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.bot_api_base == "https://api.telegram.org/bot"
    assert settings.bot_file_base == "https://api.telegram.org/file/bot"
    assert settings.database_url.get_secret_value() == "sqlite+aiosqlite:///panelik.sqlite"
    assert (settings.provider_token, settings.operator_chat, settings.proxy_url) == (None,) * 3
    assert settings.zone == ZoneInfo("Europe/Warsaw")
    assert settings.currency == "PLN"
    assert settings.tax_basis_points == 2300
    assert settings.prices_include_tax is True
    assert settings.log_level == "INFO"


def test_a_missing_token_says_where_to_get_one() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    text = str(caught.value)

    assert "PANELIK_BOT_TOKEN is missing. The token that @BotFather gives you" in text
    assert ".env" in text


def test_settings_come_from_the_file_and_the_environment_is_stronger(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PANELIK_CURRENCY=EUR\nPANELIK_TAX_RATE=8\nOTHER=1\n")
    environment.setenv("PANELIK_TAX_RATE", "5.5")
    settings = load_settings()
    assert (settings.currency, settings.tax_basis_points) == ("EUR", 550)
    assert load_settings(currency="CZK").currency == "CZK"


def test_secrets_may_be_files_and_are_the_weakest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "panelik_bot_token").write_text(f"{TOKEN}\n")
    (tmp_path / "panelik_currency").write_text("EUR")
    (tmp_path / ".env").write_text("PANELIK_CURRENCY=USD")
    monkeypatch.setattr("bot.settings._SECRET_FILES", tmp_path)
    settings = load_settings()

    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.currency == "USD"


def test_an_empty_value_is_as_good_as_none(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PANELIK_PROVIDER_TOKEN", "")
    environment.setenv("PANELIK_OPERATOR_CHAT", "")
    settings = load_settings()
    assert (settings.provider_token, settings.operator_chat) == (None, None)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BOT_TOKEN", "bot12345", "is not a bot token; copy the whole line from @BotFather"),
        ("API_URL", "api.telegram.org", "must be an address that begins with https:// or http://"),
        ("API_URL", "https://api.telegram.org/bot/", "must be given without /bot at its end"),
        ("DATABASE_URL", "mysql://u:geheim@db/x", "must be a SQLite file or a PostgreSQL"),
        ("DATABASE_URL", "panelik.sqlite", "must be a SQLite file or a PostgreSQL"),
        ("DATABASE_URL", "postgresql://u:geheim@db", "cannot be used: the address must end"),
        ("DATABASE_URL", "postgresql+psycopg2://u:geheim@db/x", "cannot be used: the only driver"),
        ("DATABASE_URL", "postgresql://u:geheim@db:port/x", "cannot be used: this is not a"),
        ("DATABASE_URL", "sqlite:///:memory:", "must name a file"),
        ("PROXY_URL", "proxy:3128", "must begin with http:// or https://"),
        ("PROXY_URL", "socks5://u:geheim@proxy:1080", "must begin with http:// or https://"),
        ("PROXY_URL", "http://u:geheim@proxy", "must name a host and a port; an example is"),
        ("PROXY_URL", "http://u:geheim@:3128", "must name a host and a port"),
        ("PROXY_URL", "http://u:geheim@proxy:port", "is not an address; an example is"),
        ("PROXY_URL", "http://u:geheim@proxy:99999", "is not an address"),
        ("PROXY_URL", "http://[geheim", "is not an address"),
        ("PROXY_URL", "http://u:ge#heim@proxy:3128", "is not an address"),
        ("PROXY_URL", "http://proxy:3128/path?geheim", "must end with the port; characters of"),
        ("PROXY_URL", "http://u:ge heim@proxy:3128", "must end with the port"),
        ("PROXY_URL", "http://u%3Av:geheim@proxy:3128", "has a user with a colon, or"),
        ("PROXY_URL", "http://u:%C5%BCgeheim@proxy:3128", "has a user with a colon, or"),
        ("OPERATOR_CHAT", "@geheim", "must be a whole number"),
        ("TIMEZONE", "Europe/Krakow", "is not a known time zone; write it like Europe/Warsaw"),
        ("TIMEZONE", "../../etc/passwd", "is not a known time zone"),
        ("CURRENCY", "DOGE", "must be one of AED, AUD"),
        ("TAX_RATE", "23%", "must be a percentage from 0 to 100 like 23 or 5.5, without a % sign"),
        ("TAX_RATE", "5.555", "must be a percentage"),
        ("TAX_RATE", "101", "must be a percentage"),
        ("TAX_RATE", "0.23", "is in percent, and that is less than one: for 23 % write 23"),
        ("TAX_RATE", "0.5", "is in percent, and that is less than one: for 50 % write 50"),
        ("TAX_RATE", "0.08", "is in percent, and that is less than one: for 8 % write 8"),
        ("TIMEZONE", "Etc/GMT+2", "is no place; write the one by whose clock you work"),
        ("TIMEZONE", "EST", "is no place"),
        ("TIMEZONE", "Factory", "is no place"),
        ("OPERATOR_CHAT", "0", "is not the id of a chat"),
        ("OPERATOR_CHAT", "99999999999999999999", "is not the id of a chat"),
        (
            "OPERATOR_CHAT",
            TOKEN.split(":", maxsplit=1)[0],
            "is the bot itself, not a chat with it",
        ),
        ("OPERATOR_LANGUAGE", "geheim", "must be one of en, pl"),
        ("STAFF", "@geheim", "must be user ids like 1001, 1002; a person's id is not the id of a"),
        ("STAFF", "-1001234567890", "must be user ids like 1001, 1002"),
        ("STAFF", "1001,", "must be user ids like 1001, 1002"),
        ("STAFF", "0", "must be user ids like 1001, 1002"),
        ("STAFF", "99999999999999999", "must be user ids like 1001, 1002"),
        ("PROVIDER_TOKEN", TOKEN, "is the token of the bot; leave it out"),
        ("PRICES_INCLUDE_TAX", "perhaps", "must be true or false"),
        ("BULK_PER_SECOND", "31", "must be 30 or less"),
        ("TICK_SECONDS", "0", "must be 1 or more"),
        ("PUBLIC_URL", "bot.example.com", "must begin with https://"),
        ("PUBLIC_URL", "http://bot.example.com", "must begin with https://"),
        ("PUBLIC_URL", "https://bot.example.com:8081", "must have the port 443, 80, 88 or 8443"),
        ("PUBLIC_URL", "https://bot.example.com:geheim", "is not an address"),
        ("PUBLIC_URL", "https://u:geheim@bot.example.com", "must be an address without user"),
        ("PUBLIC_URL", "https://bot.example.com?a=1", "must be an address without user"),
        ("WEBHOOK_SECRET", "geheim", "must be 16 to 256 letters, digits, _ or -"),
        ("WEBHOOK_SECRET", "geheim " * 5, "must be 16 to 256 letters, digits, _ or -"),
        ("WEB_PORT", "0", "must be 1 or more"),
        ("SMTP_URL", "mail.example.com:25", "must begin with smtp:// or smtps://; an example is"),
        ("SMTP_URL", "smtp://u:ge/heim@mail.pl", "is not an address; an example is"),
        ("SMTP_URL", "smtp://geheim@mail.pl", "must have both a user and a password, or neither"),
        ("MAIL_FROM", "geheim@example.com", "must be a name and an address, like Example Hosting"),
        ("MAIL_FROM", "geheim", "must be a name and an address"),
        ("LINK_SECRET", "geheim", "must be 32 to 256 letters, digits and signs without spaces"),
        ("MODE", "geheim", "must be 'polling' or 'webhook'"),
        ("LOG_LEVEL", "loud", "must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    ],
)
def test_a_wrong_value_is_told_by_its_name_and_never_shown(
    environment: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    environment.setenv(f"PANELIK_{name}", value)
    [problem] = problems()

    assert problem.startswith(f"PANELIK_{name} {told}")
    assert problem.endswith(".")
    assert "geheim" not in problem


def test_a_webhook_needs_an_address(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PANELIK_MODE", "webhook")
    [problem] = problems()
    assert problem.startswith("PANELIK_PUBLIC_URL is missing: a webhook needs an address")
    environment.setenv("PANELIK_PUBLIC_URL", "https://bot.example.com:8443/panelik/")
    assert load_settings().public_url == "https://bot.example.com:8443/panelik"


def test_a_mail_server_needs_a_sender(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PANELIK_SMTP_URL", "smtp://panelik:pa77@mail.example.com")
    [problem] = problems()
    assert problem.startswith("PANELIK_MAIL_FROM is missing: e-mails need a sender, like")
    environment.setenv("PANELIK_MAIL_FROM", "Example Hosting <help@example.com>")
    settings = load_settings()
    assert "pa77" not in f"{settings!r} {settings.model_dump()}"
    assert "smtp://panelik:pa77@mail.example.com" in settings.hidden


def test_everything_wrong_is_told_at_once(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PANELIK_CURRENCY", "DOGE")
    environment.setenv("PANELIK_TIMEZONE", "Mars")
    environment.setenv("PANELIK_TIMEZON", "Europe/Warsaw")
    environment.setenv("PANELIK_COLOUR", "red")

    assert [problem.split()[0] for problem in problems()] == [
        "PANELIK_COLOUR", "PANELIK_TIMEZON", "PANELIK_TIMEZONE", "PANELIK_CURRENCY",
    ]  # fmt: skip


@pytest.mark.usefixtures("environment")
def test_a_misspelled_name_gets_advice(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PANELIK_DATABASE=sqlite:///x.sqlite")
    assert problems() == (
        "PANELIK_DATABASE is not a setting of Panelik; did you mean PANELIK_DATABASE_URL?",
    )


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PANELIK_CURRENCY=\xff\xfe")
    assert problems() == (".env is not written in UTF-8.",)


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("sqlite:///data/x.sqlite", "sqlite+aiosqlite:///data/x.sqlite"),
        ("sqlite:////var/lib/x.sqlite", "sqlite+aiosqlite:////var/lib/x.sqlite"),
        ("sqlite+aiosqlite:///x.sqlite", "sqlite+aiosqlite:///x.sqlite"),
        ("postgres://u:p%40ss@db/x", "postgresql+asyncpg://u:p%40ss@db/x"),
        (
            "postgresql://u@db:5433/x?sslmode=require",
            "postgresql+asyncpg://u@db:5433/x?ssl=require",
        ),
        ("postgresql+asyncpg://u@/x?host=/run", "postgresql+asyncpg://u@/x?host=%2Frun"),
    ],
)
def test_a_plain_address_of_a_database_gets_its_driver(
    environment: pytest.MonkeyPatch, written: str, used: str
) -> None:
    environment.setenv("PANELIK_DATABASE_URL", written)
    assert load_settings().database_url.get_secret_value() == used


@pytest.mark.parametrize(
    ("rate", "points"), [("0", 0), ("23.00", 2300), ("8.5", 850), ("100", 10000)]
)
def test_tax_is_counted_in_hundredths_of_a_percent(
    environment: pytest.MonkeyPatch, rate: str, points: int
) -> None:
    environment.setenv("PANELIK_TAX_RATE", rate)
    assert load_settings().tax_basis_points == points


def test_values_may_be_written_a_little_differently(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PANELIK_BOT_TOKEN", f" {TOKEN}\n")
    environment.setenv("PANELIK_API_URL", "http://localhost:8081/")
    environment.setenv("PANELIK_CURRENCY", "eur")
    environment.setenv("PANELIK_LOG_LEVEL", "debug")
    environment.setenv("PANELIK_PRICES_INCLUDE_TAX", "no")
    environment.setenv("PANELIK_OPERATOR_CHAT", "-1001234567890")
    environment.setenv("PANELIK_OPERATOR_LANGUAGE", "PL")
    environment.setenv("PANELIK_STAFF", "1002, 1001")
    settings = load_settings()

    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.bot_api_base == "http://localhost:8081/bot"
    assert (settings.currency, settings.log_level) == ("EUR", "DEBUG")
    assert settings.prices_include_tax is False
    assert settings.operator_chat == -1001234567890
    assert settings.operator_language == "pl"
    assert settings.staff == {1001, 1002}


def test_secrets_stay_secret(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PANELIK_PROVIDER_TOKEN", "284685063:TEST:abc")
    environment.setenv("PANELIK_PROXY_URL", "http://robot:pa55@proxy:3128")
    environment.setenv("PANELIK_DATABASE_URL", "postgresql://panelik:pa66@db/panelik")
    settings = load_settings()

    assert settings.secrets == (TOKEN, "284685063:TEST:abc", "http://robot:pa55@proxy:3128")
    for secret in settings.secrets:
        assert secret not in repr(settings)
        assert secret not in str(settings.model_dump())
    assert "pa66" not in f"{settings!r} {settings.model_dump()}"
    database = "postgresql+asyncpg://panelik:pa66@db/panelik"
    hook = hook_address(TOKEN, "")
    follows = hook.path.removeprefix("/telegram/"), hook.secret, pay_secret(TOKEN)
    assert settings.hidden == (*settings.secrets, *follows, database)


@pytest.mark.parametrize(
    "address",
    [
        "http://proxy:3128",
        "https://u:p%40ss@proxy.example:443",
        "http://[::1]:8080/",
        "HTTP://u@p:1",
    ],
)
def test_a_proxy_is_taken_as_it_is_written(environment: pytest.MonkeyPatch, address: str) -> None:
    environment.setenv("PANELIK_PROXY_URL", f" {address} ")
    proxy = load_settings().proxy_url
    assert proxy is not None
    assert proxy.get_secret_value() == address.rstrip("/")


def test_bytes_that_are_not_text_are_told_by_the_name_of_their_setting(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("PANELIK_DATABASE_URL", "sqlite:///geheim\udcff.sqlite")
    assert problems() == ("PANELIK_DATABASE_URL holds bytes that are not UTF-8; type it anew.",)


def test_settings_do_not_change() -> None:
    settings = Settings(bot_token=SecretStr(TOKEN))
    with pytest.raises(ValidationError):
        settings.currency = "EUR"  # type: ignore[misc]


def test_every_setting_is_described() -> None:
    described = {setting.name: setting for setting in describe_settings()}

    assert len(described) == len(Settings.model_fields)
    assert all(
        s.name.startswith("PANELIK_") and s.meaning.endswith(".") for s in described.values()
    )
    assert [s.name for s in described.values() if s.required] == ["PANELIK_BOT_TOKEN"]
    assert described["PANELIK_PRICES_INCLUDE_TAX"].default == "true"
    assert described["PANELIK_TAX_RATE"].default == "23"
    assert described["PANELIK_PROVIDER_TOKEN"].default == ""


def test_the_documentation_lists_every_setting_as_it_is() -> None:
    page = Path(__file__).parents[2] / "docs" / "settings.md"
    rows = [line for line in page.read_text().splitlines() if line.startswith("| `")]

    assert rows == [row_of(setting) for setting in describe_settings()]


def row_of(setting: DescribedSetting) -> str:
    default = "required" if setting.required else f"`{setting.default}`" * bool(setting.default)
    return f"| `{setting.name}` | {default} | {setting.meaning} |"


def test_a_panel_outside_needs_an_address_and_a_key(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PANELIK_PANEL", "fossbilling")
    assert problems() == ("PANELIK_PANEL_URL is missing; fossbilling needs it.",)
    environment.setenv("PANELIK_PANEL_URL", "https://panel.example/")
    assert problems() == ("PANELIK_PANEL_TOKEN is missing; fossbilling needs it.",)
    environment.setenv("PANELIK_PANEL_TOKEN", "panel-key")
    settings = load_settings()
    assert (settings.panel_url, settings.panel_zone) == ("https://panel.example", ZoneInfo("UTC"))
    assert "panel-key" in settings.hidden
    assert "panel-key" not in repr(settings)
