"""Whatever the bot asks of Telegram can be tried in the sandbox.

A method that it lacks fails the test that calls it; here are found those that no test calls.
"""

import ast
from collections.abc import Iterator

import pytest
from telegram import Bot

from bot.sandbox.methods.table import METHODS
from tests.test_architecture import SOURCES

BOT = {"bot", "_bot"}
"""What the bot is called in the code: `ctx.bot.send_message`, `self._bot.send_document`."""


def asked(source: str) -> Iterator[str]:
    """The Bot API's names of the methods that a module calls."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Await) and isinstance(node.value, ast.Call)):
            continue
        function = node.value.func
        if isinstance(function, ast.Attribute) and _name(function.value) in BOT:
            words = function.attr.split("_")
            yield words[0] + "".join(word.title() for word in words[1:])


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


@pytest.mark.slow
def test_the_sandbox_knows_every_method_that_is_called() -> None:
    called = {method for path in SOURCES for method in asked(path.read_text("utf-8"))}
    of_telegram = {method for method in called if hasattr(Bot, method)}
    assert of_telegram >= {"sendMessage", "sendDocument", "sendInvoice", "editMessageText"}
    assert of_telegram - METHODS.keys() == set()


@pytest.mark.parametrize(
    ("source", "method"),
    [
        ("async def f():\n    await self._bot.send_sticker(1, 'x')", "sendSticker"),
        ("async def f():\n    return (await ctx.bot.get_file('x')).path", "getFile"),
    ],
)
def test_a_call_is_seen(source: str, method: str) -> None:
    assert list(asked(source)) == [method]
    assert method not in METHODS
