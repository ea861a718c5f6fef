import io
import json
import logging
import sys
from base64 import b64encode

import pytest

from bot.logs import Form, Redactor, configure_logging, log_uncaught, without_secrets
from bot.turns import Turn, within

TOKEN = "123456789:AAtestTOKENtestTOKENtestTOKENtest0"


pytestmark = pytest.mark.usefixtures("logging_as_before")


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


log = logging.getLogger("panelik.test")


FORMS: tuple[Form, ...] = ("text", "json")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("written", "seen"),
    [
        (
            f"POST https://api.telegram.org/bot{TOKEN}/getMe",
            "https://api.telegram.org/bot***/getMe",
        ),
        (f"ExtBot[token={TOKEN}]", "ExtBot[token=***]"),
        (TOKEN.replace(":", "%3A"), "***"),
        ("provider 284685063:TEST:NzYwYjM3 here", "provider *** here"),
        ("anna.nowak+x@poczta.example.pl wrote", "*** wrote"),
        ("http://robot:pa55@proxy:3128/", "http://***@proxy:3128/"),
        ("invoice 2026/11/0007 at 12:30:45 for chat 1001", "invoice 2026/11/0007 at 12:30:45"),
        ("my own secret: tajne", "my own secret: ***"),
    ],
)
def test_what_looks_secret_is_hidden_in_text_and_arguments(
    stream: io.StringIO, written: str, seen: str, form: Form
) -> None:
    configure_logging("DEBUG", secrets=["tajne", ""], stream=stream, form=form)
    log.debug(written)
    log.info("told: %s", written)
    log.info("told: %(it)s", {"it": written})

    first, second, third = messages(stream, form)
    assert seen in first
    assert "told: " in second
    assert first.endswith(second.partition("told: ")[2])
    assert third.endswith(second.partition("told: ")[2])
    assert TOKEN not in stream.getvalue()


def messages(stream: io.StringIO, form: Form) -> list[str]:
    lines = stream.getvalue().splitlines()
    return lines if form == "text" else [json.loads(line)["message"] for line in lines]


@pytest.mark.parametrize("form", FORMS)
def test_a_traceback_is_hidden_too_and_its_causes(stream: io.StringIO, form: Form) -> None:
    configure_logging("DEBUG", stream=stream, form=form)

    def fails() -> None:
        raise OSError(f"https://api.telegram.org/bot{TOKEN}/getMe")

    def fails_too() -> None:
        try:
            fails()
        except OSError as error:
            raise LookupError("anna@example.com") from error

    try:
        fails_too()
    except LookupError:
        log.exception("failed", stack_info=True)

    told = stream.getvalue()
    assert TOKEN not in told
    assert "anna@" not in told
    assert "OSError: https://api.telegram.org/bot***/getMe" in told
    assert "LookupError: ***" in told
    assert "Stack (most recent call last)" in told


def test_arguments_that_do_not_fit_break_nothing() -> None:
    record = log.makeRecord(log.name, logging.INFO, "f", 1, "%s and %s", (TOKEN,), None)
    assert Redactor().filter(record)
    assert record.getMessage() == "%s and %s ('***',)"


def test_a_line_has_its_time_in_utc_its_level_and_who_wrote_it(stream: io.StringIO) -> None:
    configure_logging("INFO", stream=stream)
    record = log.makeRecord(log.name, logging.INFO, "f", 1, "hello", (), None)
    record.created = 0.0
    log.handle(record)
    assert stream.getvalue() == "1970-01-01T00:00:00Z INFO     panelik.test: hello\n"


def fail(error: Exception) -> None:
    raise error


def test_a_line_says_to_which_turn_it_belongs(stream: io.StringIO) -> None:
    configure_logging("INFO", stream=stream)
    with within(Turn("8112", "tap")):
        log.info("within")
    log.info("outside")
    first, second = stream.getvalue().splitlines()
    assert first.endswith("panelik.test [8112]: within")
    assert second.endswith("panelik.test: outside")


def test_a_line_of_json_has_the_same_as_fields(stream: io.StringIO) -> None:
    configure_logging("INFO", stream=stream, form="json")
    with within(Turn("8112", "tap")):
        try:
            fail(LookupError("broken\nin two"))
        except LookupError:
            log.exception("incident")
    log.info("outside")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert first["time"].endswith("Z")
    assert (first["level"], first["logger"]) == ("ERROR", "panelik.test")
    assert (first["turn"], first["kind"], first["message"]) == ("8112", "tap", "incident")
    assert first["exception"].endswith("LookupError: broken\nin two")
    assert set(second) == {"time", "level", "logger", "message"}


@pytest.mark.parametrize("form", FORMS)
def test_what_somebody_wrote_is_hidden_in_every_line_of_their_turn(
    stream: io.StringIO, form: Form
) -> None:
    configure_logging("INFO", stream=stream, form=form)
    with within(Turn("1", "text", lambda: {"Zażółć gęślą", "gęślą", 'say "cheese"'})):
        log.info("typed: %s, %r", "Zażółć gęślą", 'say "cheese"')
        try:
            fail(ValueError("gęślą"))
        except ValueError:
            log.exception("failed")
    with within(Turn("2", "text", lambda: {"koszyk"})):
        log.info("typed: koszyk")
    written = stream.getvalue()
    traceback_line = written.rpartition("ValueError: ")[2]
    assert not any(word in written for word in ("Zażółć", "cheese\"'", "typed: koszyk"))
    assert traceback_line.startswith("***")


def test_the_end_of_a_process_is_a_line_of_json_too(stream: io.StringIO) -> None:
    configure_logging("INFO", secrets=["tajne"], stream=stream, form="json")
    error = LookupError("tajne")
    log_uncaught(LookupError, error, None)
    (line,) = map(json.loads, stream.getvalue().splitlines())
    assert line["level"] == "CRITICAL"
    assert line["exception"].endswith("LookupError: ***")


def test_libraries_do_not_tell_what_people_write_even_when_debugging(stream: io.StringIO) -> None:
    configure_logging("DEBUG", stream=stream)
    for name in (
        "httpx", "httpcore.http11", "aiohttp.client", "telegram.ext.ExtBot", "aiosqlite",
        "urllib3.connectionpool", "uvicorn.error", "PIL.PngImagePlugin",
    ):  # fmt: skip
        logging.getLogger(name).debug("debug")
    for name in (
        "httpx",
        "httpcore",
        "aiohttp.access",
        "apscheduler.scheduler",
        "alembic.runtime",
    ):
        logging.getLogger(name).info("info")
    assert stream.getvalue() == ""

    logging.getLogger("telegram.ext.Application").info("started")
    log.debug("ours")
    assert len(stream.getvalue().splitlines()) == 2


def test_a_higher_level_holds_for_libraries_too(stream: io.StringIO) -> None:
    configure_logging("ERROR", stream=stream)
    for name in ("httpx", "telegram", "panelik"):
        logging.getLogger(name).warning("warning")
    assert stream.getvalue() == ""


def test_setting_up_again_replaces_the_first_setup(stream: io.StringIO) -> None:
    configure_logging("INFO", stream=io.StringIO())
    configure_logging("INFO", stream=stream)
    configure_logging("INFO", stream=stream)
    log.info("once")
    assert stream.getvalue().count("once") == 1


def test_it_writes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", stream=sys.stderr)
    log.info("hello")
    configure_logging("INFO")
    log.info("again")
    assert capsys.readouterr().err.count("panelik.test: ") == 2


def test_every_form_of_a_secret_is_hidden_in_logs(stream: io.StringIO) -> None:
    configure_logging("INFO", secrets=["http://robot:pa55word@proxy:3128"], stream=stream)
    log.info("Basic %s, pa55word", b64encode(b"robot:pa55word").decode())
    assert stream.getvalue().endswith("Basic ***, ***\n")


def test_words_for_the_operator_have_no_secrets_but_e_mail_addresses() -> None:
    assert without_secrets("tajne of anna@example.com") == "tajne of anna@example.com"
    configure_logging("INFO", secrets=["tajne"])
    assert without_secrets("tajne of anna@example.com") == "*** of anna@example.com"


def test_what_ends_the_process_tells_no_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", secrets=["tajne"])
    with pytest.raises(LookupError) as caught:
        raise LookupError("tajne")
    log_uncaught(caught.type, caught.value, caught.tb)
    told = capsys.readouterr().err
    assert told.endswith("LookupError: ***\n")
    assert "Traceback" in told
