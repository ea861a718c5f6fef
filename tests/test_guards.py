import asyncio
import os
import socket

import pytest

from tests.conftest import NetworkRefusedError


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_no_test_leaves_this_machine(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door, pytest.raises(NetworkRefusedError, match=host):
        door.connect((host, 80))
    with socket.socket(family) as door, pytest.raises(NetworkRefusedError, match=host):
        door.connect_ex((host, 80))


def test_no_test_asks_for_the_address_of_a_name() -> None:
    with pytest.raises(NetworkRefusedError, match=r"example\.org"):
        socket.getaddrinfo("example.org", 80)


async def test_servers_on_this_machine_are_reached() -> None:
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(greet, "localhost", 0) as server:
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("localhost", port)
        assert await reader.read() == b"hello"
        writer.close()
        await writer.wait_closed()


def test_no_setting_of_this_machine_is_seen() -> None:
    assert not [name for name in os.environ if name.startswith("PANELIK_")]
