"""The proxy of `deploy/`, run with its own file; only what it passes on to is replaced."""

import asyncio
import os
import re
import shutil
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / "deploy" / "Caddyfile"

with_caddy = pytest.mark.skipif(not shutil.which("caddy"), reason="Caddy is not installed")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that runs; `home` has its certificates."""

    home: Path

    @property
    def log(self) -> str:
        """What it has logged."""
        return (self.home / "caddy.log").read_text()

    def trusting(self) -> ssl.SSLContext:
        """Trust in the certificates that it makes itself for this machine."""
        made = self.home / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        return ssl.create_default_context(cafile=made)


@asynccontextmanager
async def caddy(home: Path, address: str, upstreams: Sequence[str]) -> AsyncIterator[Proxy]:
    """Run it at an address inside the block; it gets a certificate for one without a scheme."""
    upstream = f"to {' '.join(upstreams)}"
    text = re.sub(r"dynamic a \{[^}]*\}", upstream, FILE.read_text("utf-8"))
    ours = "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n"
    (home / "Caddyfile").write_text(text.replace("{\n", ours, 1))
    environment = {**os.environ, "DOMAIN": address, "XDG_DATA_HOME": str(home)}
    with (home / "caddy.log").open("w") as log:
        process = await asyncio.create_subprocess_exec(
            "caddy", "run", "--adapter", "caddyfile", "--config", str(home / "Caddyfile"),
            env=environment, stderr=log,
        )  # fmt: skip
    try:
        host, port = address.removeprefix("http://").split(":")
        async with asyncio.timeout(20):
            while True:
                try:
                    _, writer = await asyncio.open_connection(host, int(port))
                    break
                except OSError:
                    assert process.returncode is None
                    await asyncio.sleep(0.1)
        writer.close()
        yield Proxy(home)
    finally:
        process.terminate()
        await process.wait()
