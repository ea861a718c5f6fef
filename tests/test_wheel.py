"""What people install: a wheel made of the sdist, away from the checkout.

It is laid beside what is installed already instead of into an environment of its own: that would
need the network for the dependencies.
"""

import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RUN = """
import sys
import bot
from bot.__main__ import main
print(bot.__path__[0], file=sys.stderr)
main()
"""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]  # it is built once

Panelik = Callable[..., subprocess.CompletedProcess[str]]


def _hatch(target: str, folder: Path, *, of: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=of, check=True, capture_output=True, text=True)  # noqa: S603
    (made,) = folder.glob("*.tar.gz" if target == "sdist" else "*.whl")
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked."""
    home = tmp_path_factory.mktemp("wheel")
    with tarfile.open(_hatch("sdist", home, of=ROOT)) as sdist:
        sdist.extractall(home, filter="data")
    (source,) = (path for path in home.iterdir() if path.is_dir())
    with zipfile.ZipFile(_hatch("wheel", home, of=source)) as packed:
        packed.extractall(home / "installed")  # noqa: S202 - made a moment ago
    return home / "installed"


@pytest.fixture
def panelik(wheel: Path, tmp_path: Path) -> Panelik:
    """Run the wheel's `panelik` in an empty folder."""

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": str(wheel)}
        command = [sys.executable, "-c", RUN, *args]
        return subprocess.run(  # noqa: S603 - our own
            command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )

    return run


def test_it_contains_everything_that_is_not_code(wheel: Path) -> None:
    held = {path.relative_to(wheel) for path in wheel.rglob("*") if path.is_file()}
    packages = {path.parts[0] for path in held if len(path.parts) > 1}
    assert {name for name in packages if not name.endswith(".dist-info")} == {
        "billing", "bot", "handlers", "locales", "storage",
    }  # fmt: skip
    for there in (*ROOT.glob("bot/sandbox/page/*"), *ROOT.glob("bot/sandbox/demo/*")):
        if there.suffix and there.suffix != ".pyc":
            assert there.relative_to(ROOT) in held
    for catalogue in ROOT.glob("locales/*/LC_MESSAGES/bot.po"):
        assert catalogue.relative_to(ROOT).with_suffix(".mo") in held
    assert not [path for path in held if path.suffix in {".po", ".pot", ".pyc", ".sqlite"}]


def test_it_walks_through_the_tour(panelik: Panelik, wheel: Path) -> None:
    told = panelik("tour")
    assert (told.returncode, told.stderr.strip()) == (0, str(wheel / "bot"))
    assert "Anna taps [Zobacz]" in told.stdout
    assert told.stdout.endswith("Every step showed what it should.\n")


def test_its_command_is_named_panelik(wheel: Path) -> None:
    (named,) = wheel.glob("*.dist-info/entry_points.txt")
    assert "panelik = bot.__main__:main" in named.read_text()
