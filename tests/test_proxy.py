"""The proxy's file in `deploy/`: read, and run with a server behind it."""

import io
import re
from pathlib import Path

import aiohttp
import pytest
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sockets import free_port
from tests.caddy import FILE, caddy, with_caddy
from tests.served import serve_here
from tests.tools import ROOT, run

DEPLOY = ROOT / "deploy"
UNIT = DEPLOY / "systemd" / "panelik-web@.service"
GROWING = ROOT / "docs" / "growing.md"


def test_the_proxy_passes_on_the_webhook_alone_and_only_what_a_process_takes() -> None:
    caddy = FILE.read_text("utf-8")
    file = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    (prefix,) = re.findall(r"path (/\w+/)\*", caddy)
    assert f"port {file['services']['web']['environment']['PANELIK_WEB_PORT']}" in caddy
    assert "respond 404" in caddy
    assert caddy.count("{") == caddy.count("}")
    address = ROOT / "bot" / "web" / "address.py"
    if address.exists():
        assert f'f"{prefix}{{' in address.read_text("utf-8")


@pytest.mark.slow
@with_caddy
def test_caddy_understands_its_file() -> None:
    checked = run(
        "caddy", "validate", "--adapter", "caddyfile", "--config", FILE,
        DOMAIN="bot.example.com",
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


@pytest.mark.slow
@with_caddy
def test_the_proxys_file_for_units_is_made_by_the_documented_command(tmp_path: Path) -> None:
    (command,) = re.findall(r"^ +(sed [^|]*) \| sudo tee /etc/caddy/Caddyfile$",
                            GROWING.read_text("utf-8"), re.MULTILINE)  # fmt: skip
    made = run("sh", "-c", command)
    assert "to 127.0.0.1:8081 127.0.0.1:8082" in made.stdout
    assert "dynamic" not in made.stdout
    assert "\nbot.example.com {" in made.stdout
    ports = re.search(r"^Environment=PANELIK_WEB_PORT=(\d+)%i$", UNIT.read_text("utf-8"), re.M)
    assert ports is not None
    assert made.stdout.count(f":{ports[1]}") == 2
    file = tmp_path / "Caddyfile"
    file.write_text(made.stdout)
    checked = run("caddy", "validate", "--adapter", "caddyfile", "--config", file)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.slow
@with_caddy
async def test_the_proxy_does_what_its_file_says(tmp_path: Path) -> None:
    posted: list[tuple[str, int]] = []

    async def take(request: Request) -> Response:
        posted.append((request.url.path, len(await request.body())))
        return Response("taken")

    app = Starlette(routes=[Route("/{path:path}", take, methods=["GET", "POST"])])
    address = f"http://127.0.0.1:{free_port()}"
    async with serve_here(app) as upstream:
        here = upstream.removeprefix("http://")
        async with caddy(tmp_path, address, [here]), aiohttp.ClientSession(address) as session:

            async def status(method: str, path: str, body: bytes = b"") -> int:
                async with session.request(method, path, data=io.BytesIO(body)) as response:
                    return response.status

            assert await status("POST", "/telegram/abc", b"x" * 1000) == 200
            # Older versions of Caddy answer 502.
            assert await status("POST", "/telegram/abc", b"x" * (2**20 + 1)) in {413, 502}
            assert await status("GET", "/metrics") == 404
            assert await status("GET", "/health/ready") == 404
    assert posted == [("/telegram/abc", 1000)]
