from billing.rules.allowed import EVERYTHING
from handlers.chat.updates.routing import Command
from handlers.commands_menu import profiles, publish, publish_to_staff
from handlers.routes import COMMANDS
from tests.handlers.chat.rig import ANNA, GUEST, home, make_rig


class MemorySettings:
    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self.values.get(key)

    async def set(self, key: str, value: str) -> None:
        self.values[key] = value


async def test_telegram_is_told_once_and_again_only_after_a_change() -> None:
    rig, store = make_rig(), MemorySettings()
    commands = [Command("start", home, about=lambda t: t.plain("Start")), Command("x", home)]
    async with rig.application:
        bot = rig.application.bot
        assert await publish(bot, store, commands, company="Hostpol", allowed=EVERYTHING)
        told = len(rig.api.calls)
        assert not await publish(bot, store, commands, company="Hostpol", allowed=EVERYTHING)
        assert len(rig.api.calls) == told
        assert await publish(bot, store, commands, company="Hostpol 2", allowed=EVERYTHING)
    rig.api.meet(ANNA)
    shown = rig.api.visitor(ANNA).snapshot()
    assert [command["command"] for command in shown["commands"]] == ["start"]
    assert "Hostpol 2" in shown["bot"]["description"]
    assert "Hostpol 2" in shown["bot"]["short_description"]


def test_the_menu_fits_telegrams_limits_in_every_language() -> None:
    languages = [profile.language for profile in profiles(COMMANDS, "Hostpol", EVERYTHING)]
    assert languages[0] == ""
    assert {"pl", "en"} <= set(languages)
    for profile in profiles(COMMANDS, "x" * 600, EVERYTHING):
        assert len(profile.description) <= 512
        assert len(profile.short_description) <= 120
        assert all(1 <= len(about) <= 256 for _, about in profile.commands)


async def test_staff_see_their_commands_in_their_own_chats_only() -> None:
    rig, store = make_rig(), MemorySettings()
    common = Command("start", home, about=lambda t: t.plain("Start"))
    commands = [common, Command("find", home, about=lambda t: t.plain("Help"), staff=True)]

    async def publish_all(*staff: int) -> None:
        bot = rig.application.bot
        await publish(bot, store, commands, company="Hostpol", allowed=EVERYTHING)
        await publish_to_staff(bot, store, commands, staff=staff, allowed=EVERYTHING)

    def menu(user: int) -> list[str]:
        return [one["command"] for one in rig.api.visitor(user).snapshot()["commands"]]

    rig.api.meet(ANNA)
    rig.api.meet(GUEST)
    async with rig.application:
        await publish_all(ANNA)
        assert (menu(ANNA), menu(GUEST)) == (["start", "find"], ["start"])
        sent = len(rig.api.calls)
        await publish_all(ANNA)
        assert len(rig.api.calls) == sent
        await publish_all(GUEST)
        assert (menu(ANNA), menu(GUEST)) == (["start"], ["start", "find"])
