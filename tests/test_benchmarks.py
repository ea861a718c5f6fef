"""Every benchmark that has options runs in a tiny size, so that it works when it is wanted."""

import asyncio
import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from bot.modes import Mode
from tests.benchmarks import bots, clients, loading, mirroring, taps
from tests.benchmarks.estate import Loaded
from tests.database import Store, database_at, on_both_stores

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TINY = (
    "--ingress", "polling,webhook", "--people", "2", "--delays", "1", "--rests", "0.1",
    "--clients", "2", "--services", "20", "--seconds", "1", "--rounds", "1", "--idle", "0.1",
)  # fmt: skip


def rows_of(name: str, printed: str) -> list[list[str]]:
    """The cells of each row of this bot."""
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in printed.splitlines()]
    return [row for row in rows if name in row]


def assert_measured(names: list[str], printed: str) -> None:
    """Each bot has a row for each way in, with figures in it, and two for starting."""
    for name in names:
        *measured, _, _ = rows = rows_of(name, printed)
        assert len(rows) == 2 * len(Mode), printed
        for row in measured:
            numbers = [float(cell) for cell in row[4:] if cell != "-"]
            assert len(numbers) >= 5, row
            assert numbers[0] > 1, row


def test_taps_come_by_polling_and_by_webhook(capsys: pytest.CaptureFixture[str]) -> None:
    taps.run([*TINY, "--bots", "PTB,Panelik"])
    printed = capsys.readouterr().out
    assert re.findall(r"answer \+ edit, (\w+)", printed) == ["polling", "webhook"]
    assert_measured(["PTB", "PTB, aiohttp", "Panelik, sqlite"], printed)


@pytest.mark.skipif(
    not bots.AIOGRAM_HOME.exists(), reason="aiogram is installed by `benchmarks taps`"
)
def test_taps_on_aiogram_come_both_ways(capsys: pytest.CaptureFixture[str]) -> None:
    taps.run([*TINY, "--bots", "aiogram"])
    assert_measured(["aiogram"], capsys.readouterr().out)


def test_one_that_is_stopped_leaves_no_process(tmp_path: Path) -> None:
    def processes() -> list[psutil.Process]:
        mine = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("BENCHMARK") == str(tmp_path):
                    mine.append(process)
        return mine

    def is_running(name: str) -> bool:
        for process in processes():
            # One may end between being listed and being looked at.
            with suppress(psutil.NoSuchProcess):
                if name in " ".join(process.cmdline()):
                    return True
        return False

    arguments = ("reminding", "--due", "20", "--stores", "postgresql", "--idle", "600")
    benchmark = subprocess.Popen(  # noqa: S603 - our own command
        (sys.executable, "-m", "tests.benchmarks", *arguments),
        env={**os.environ, "BENCHMARK": str(tmp_path)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not (is_running("postgres") and is_running("forkserver")):
            assert benchmark.poll() is None
            time.sleep(0.1)
        benchmark.terminate()
        assert benchmark.wait(60) == 1
        _, alive = psutil.wait_procs(processes(), timeout=30)
        assert not alive
    finally:
        for process in processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()


@on_both_stores
def test_a_large_client_is_measured_beside_a_small_one(store: Store, tmp_path: Path) -> None:
    sizes = (10, 40)
    with database_at(store, tmp_path, Loaded(len(sizes), sizes)) as url:
        costs = asyncio.run(clients.measure(url, sizes, times=2))
    assert list(costs) == list(clients.SCREENS)
    for small, large in costs.values():
        assert len(small.times) == len(large.times) == 2
        assert small.statements == large.statements > 1


@on_both_stores
def test_loads_are_measured(store: Store) -> None:
    said = {name: load.said for name, load in loading.measure(store, 200)}
    changed = [re.findall(r"(\d+) of \d+ new or changed", text) for text in said.values()]
    assert changed == [["20", "200"], ["0", "0"], ["0", "2"], ["0", "2"]], said
    assert "S-0: amount 29.00" in said["1 % with new amounts"]


@pytest.mark.slow
@pytest.mark.parametrize("addons", ["hidden", "listed"])
def test_a_list_asks_no_panel(addons: str, tmp_path: Path) -> None:
    with database_at(Store.SQLITE, tmp_path) as url:
        costs, _ = asyncio.run(mirroring.measure(url, mirroring.TIMES, addons))
    calls = {cost.name: cost.calls for cost in costs}
    assert calls.pop("a list of services") == 0
    assert all(calls.values())
