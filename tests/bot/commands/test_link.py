import re

from bot.sandbox.people import GUEST
from tests.bot.commands.conftest import Panelik
from tests.world import World


def test_a_code_joins_a_visitor_to_a_client(loaded: Panelik) -> None:
    told = loaded("link", "C-1003")
    assert told.code == 0
    code = told.out
    assert re.fullmatch(r"[A-Z0-9]{8}", code)
    assert "For client C-1003, until " in told.err
    assert f"https://t.me/YOUR_BOT?start=c_{code}" in told.err

    async def joins(world: World) -> None:
        guest = world.person(GUEST)
        await guest.sends(f"/start {code}")
        guest.sees("Pracownia Zegarów, Marta Zielińska")
        await guest.sends(told.err)
        guest.sees("Pracownia Zegarów, Marta Zielińska")

    loaded.lets(joins)


def test_a_code_needs_a_client(loaded: Panelik) -> None:
    told = loaded("link", "C-9")
    assert (told.code, told.out) == (1, "")
    assert told.err == (
        'There is no client "C-9". The id is the one in clients.csv or in your panel.'
    )
