"""What holds for every test: no network beyond this machine, no home folder, no settings."""

import gc
import ipaddress
import logging
import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from storage.engines import prepared

# Otherwise python-telegram-bot warns whenever it makes a RetryAfter, and warnings are errors here.
os.environ.setdefault("PTB_TIMEDELTA", "true")

pytest_plugins = ["tests.browser"]

# Most tests run a statement once; it shall take the way that it takes in a running process.
prepared.PREPARED_AT = 1

# Deadlines and slowness depend on the machine; in CI the examples are the same on every run.
_EVERYWHERE: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("ci", derandomize=True, database=None, **_EVERYWHERE)
settings.register_profile("dev", print_blob=True, **_EVERYWHERE)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_collection_finish() -> None:
    """Five thousand tests and all libraries stay: the collector need not look at them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


class NetworkRefusedError(RuntimeError):
    """A test tried to leave this machine."""


@pytest.fixture(scope="session", autouse=True)
def _this_machine_only() -> Iterator[None]:
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    resolve = socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_beyond_loopback(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_beyond_loopback(self.family, address)
        return connect_ex(self, address)

    def guarded_resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_beyond_loopback(socket.AF_INET, (host, 0))
        return resolve(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_resolve)
        yield


def _refuse_beyond_loopback(family: int, address: Any) -> None:
    if family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = address[0].decode() if isinstance(address[0], bytes) else address[0]
    if not host or host in ("localhost", "0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return
    try:
        here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here:
        raise NetworkRefusedError(f"tests talk to this machine only, not to {host}")


@pytest.fixture(scope="session", autouse=True)
def _nobody_at_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        for name in [name for name in os.environ if name.startswith("PANELIK_")]:
            patch.delenv(name)
        yield


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Logging without pytest's own handlers, and afterwards as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers.clear()
    known = {n: x for n, x in root.manager.loggerDict.items() if isinstance(x, logging.Logger)}
    levels = {name: logger.level for name, logger in known.items()}
    yield
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, logger in root.manager.loggerDict.items():
        if isinstance(logger, logging.Logger):
            logger.setLevel(levels.get(name, logging.NOTSET))
