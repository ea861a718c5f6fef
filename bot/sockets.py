"""Sockets on which a process listens."""

import os
import secrets
import socket
from contextlib import suppress


class CannotListenError(Exception):
    """The port cannot be used; the text says why."""


OWN_PORTS = range(20_000, 32_768)
"""Below those that Linux gives to outgoing connections, which could take one before it is used."""


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    while True:
        port = OWN_PORTS[secrets.randbelow(len(OWN_PORTS))]
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def listen(host: str, port: int) -> socket.socket:
    """Listen at a port, 0 for a free one; CannotListenError if it cannot be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else error
        raise CannotListenError(f"Port {port} cannot be used: {why}.") from error
    # Connections inherit it. Without it every answer takes 40 ms: asyncio sets it only where a
    # socket names its protocol, and a server's does not.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
